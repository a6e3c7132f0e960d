// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a service, open or closed a short time ago, by what identifies them.
 *
 * @param seen by ids, labels, and for echoes the transport with the number of received bytes
 */
record Listing(Map<String, Seen> seen) {

    /**
     * What the service says of a connection.
     *
     * @param reason why it was closed, as {@code client}; null if it is open, or if the service does not tell
     */
    record Seen(boolean open, @Nullable String reason) {}

    /** Identifies an echo without a label by the number of bytes that it received. */
    static String echoed(String transport, long bytes) {
        return transport + " echo of " + bytes;
    }

    boolean isOpen(String name) {
        Seen one = seen.get(name);
        return one != null && one.open;
    }

    /** Why it was closed; null if it is open, or if unknown. */
    @Nullable
    String reason(String name) {
        Seen one = seen.get(name);
        return one == null ? null : one.reason;
    }
}
