package io.holdfast.probe.load;

import org.jspecify.annotations.Nullable;

/**
 * What the server used meanwhile, as it tells itself; null where it does not.
 *
 * @param cpuMicrosPerMessage its whole process, collections and all, shared out
 * @param cores how many it kept busy
 * @param heapBytes in use at the end, garbage included
 * @param liveBytes of long-lived heap after the last collection that looked at it
 * @param connections open at the end
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
                cpu == null ? null : cpu / 1e9 / seconds,
                after.heapBytes(),
                // Before the first such collection it is told as 0.
                after.liveBytes() == null || after.liveBytes() == 0 ? null : after.liveBytes(),
                after.connections());
    }
}
