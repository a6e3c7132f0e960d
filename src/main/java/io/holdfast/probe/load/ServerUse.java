// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import org.jspecify.annotations.Nullable;

/**
 * What the server used during a load, by its own metrics; null where it has none.
 *
 * @param cpuMicrosPerMessage CPU time of the whole process, garbage collection included, per message
 * @param cores CPUs that it kept busy
 * @param heapBytes heap in use at the end, garbage included
 * @param liveBytes long-lived heap after the last full collection
 * @param connections open connections at the end
 */
public record ServerUse(
        @Nullable Double cpuMicrosPerMessage,
        @Nullable Double cores,
        @Nullable Double heapBytes,
        @Nullable Double liveBytes,
        @Nullable Double connections) {

    static @Nullable ServerUse between(
            Server.@Nullable Figures before, Server.@Nullable Figures after, long messages, double seconds) {
        if (before == null || after == null) {
            return null;
        }
        Double cpu =
                before.cpuNanos() == null || after.cpuNanos() == null ? null : after.cpuNanos() - before.cpuNanos();
        return new ServerUse(
                cpu == null || messages == 0 ? null : cpu / 1e3 / messages,
                cpu == null || seconds == 0 ? null : cpu / 1e9 / seconds,
                after.heapBytes(),
                // It is 0 before the first full collection.
                after.liveBytes() == null || after.liveBytes() == 0 ? null : after.liveBytes(),
                after.connections());
    }
}
