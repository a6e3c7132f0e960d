// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection to try.
 *
 * @param time until the connection is tested
 * @param heartbeat interval of heartbeats meanwhile; null for silence
 * @param sender of the heartbeats
 */
record Trial(Duration time, @Nullable Duration heartbeat, Sender sender) {

    Trial(Duration time, @Nullable Duration heartbeat) {
        this(time, heartbeat, Sender.BOTH);
    }

    static Trial silent(Duration time) {
        return new Trial(time, null);
    }

    boolean isSilent() {
        return heartbeat == null;
    }
}
