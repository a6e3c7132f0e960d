// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeats of one connection.
 *
 * @param interval the time from one to the next, or the longest silence; null for no heartbeats
 */
public record HeartbeatSpec(Kind kind, @Nullable Duration interval) {

    /** The form of a heartbeat. */
    public enum Kind {
        /** No heartbeat. */
        NONE,
        /** Bytes that readers of the format skip. */
        COMMENT,
        /** The ping of the transport, or an event of that name. */
        PING,
        /** A message like any other. */
        DATA
    }

    /** No heartbeats. */
    public static final HeartbeatSpec NONE = new HeartbeatSpec(Kind.NONE, null);
}
