package io.holdfast.probe.survive;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection to be held.
 *
 * @param time until it is tried whether it still carries anything
 * @param heartbeat from one sign of life to the next meanwhile; null for silence
 */
record Trial(Duration time, @Nullable Duration heartbeat) {

    static Trial silent(Duration time) {
        return new Trial(time, null);
    }

    boolean isSilent() {
        return heartbeat == null;
    }
}
