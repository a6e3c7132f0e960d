package io.holdfast.probe.load;

import io.holdfast.probe.result.Percentiles;
import java.util.Map;

/**
 * How connections stood.
 *
 * @param asked how many were to be opened
 * @param stood how many were
 * @param unreachable whether none got as far as the server
 * @param failed those that were not, by what happened
 * @param ended those that were and ended before we closed them, by what happened
 * @param reopened how often a server ended a connection in good order after an answer, and a new one took its place
 * @param openMicros from dialing until they stood
 */
public record ConnectionStats(
        int asked,
        int stood,
        boolean unreachable,
        Map<String, Long> failed,
        Map<String, Long> ended,
        long reopened,
        Percentiles openMicros) {

    boolean allStood() {
        return failed.isEmpty() && ended.isEmpty() && stood == asked;
    }
}
