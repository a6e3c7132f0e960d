package io.holdfast.probe.survive;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection to try.
 *
 * @param time until the connection is tested
 * @param heartbeat interval of heartbeats meanwhile; null for silence
 */
record Trial(Duration time, @Nullable Duration heartbeat) {

    static Trial silent(Duration time) {
        return new Trial(time, null);
    }

    boolean isSilent() {
        return heartbeat == null;
    }
}
