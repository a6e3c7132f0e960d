// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import io.holdfast.probe.result.Percentiles;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened to the connections of a load.
 *
 * @param asked connections to open
 * @param stood connections that opened
 * @param refused whether no connection did what it was asked for: no server, another answer, or no access
 * @param failed connections that did not open, by reason
 * @param ended connections that ended before we closed them, by reason
 * @param denied why the server refused access to one of them; null if it did not
 * @param reopened how often a server ended a connection after an answer, and a new one replaced it
 * @param openMicros time from connecting until open
 */
public record ConnectionStats(
        int asked,
        int stood,
        boolean refused,
        Map<String, Long> failed,
        Map<String, Long> ended,
        @Nullable String denied,
        long reopened,
        Percentiles openMicros) {

    boolean allStood() {
        return failed.isEmpty() && ended.isEmpty() && stood == asked;
    }
}
