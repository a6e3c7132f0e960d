// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static io.holdfast.probe.result.Percentiles.text;

import io.holdfast.probe.load.ConnectionStats;
import io.holdfast.probe.load.Server;
import io.holdfast.probe.load.ServerUse;
import io.holdfast.probe.result.Percentiles;
import io.holdfast.probe.result.Screen;
import io.holdfast.probe.result.Tone;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Formats results as text. */
final class Words {

    private Words() {}

    static String count(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String stood(ConnectionStats stats) {
        return stats.stood() == stats.asked()
                ? count(stats.asked())
                : count(stats.stood()) + " of " + count(stats.asked());
    }

    /** The tone of a number that should be none. */
    static Tone none(long number) {
        return number == 0 ? Tone.GOOD : Tone.BAD;
    }

    /** The tone of how many connections opened. */
    static Tone all(ConnectionStats stats) {
        return none(stats.asked() - stats.stood());
    }

    static String cpu(@Nullable ServerUse server) {
        Double micros = server == null ? null : server.cpuMicrosPerMessage();
        return micros == null ? "-" : text(micros);
    }

    /**
     * Prints how late this process was itself.
     *
     * @param what a clause that the line begins with, as {@code ws: messages were sent}
     */
    static void late(Screen screen, String what, Percentiles late) {
        screen.print("%s %s after their scheduled moment (median; p99 %s). The times above include that."
                .formatted(what, text(late.p50()), text(late.p99())));
    }

    /** Prints the connections that failed to open or ended early, if any. */
    static void troubles(Screen screen, String who, ConnectionStats stats) {
        print(screen, who + ": could not be opened", stats.failed());
        print(screen, who + ": ended early", stats.ended());
        if (stats.reopened() > 0) {
            screen.print("%s: %,d times the server ended a connection after an answer, and a new one replaced it."
                    .formatted(who, stats.reopened()));
        }
    }

    private static void print(Screen screen, String what, Map<String, Long> counts) {
        counts.forEach((how, number) -> screen.print("%s: %,d, %s".formatted(what, number, how)));
    }

    static void server(Screen screen, String target, @Nullable ServerUse use) {
        if (use != null) {
            screen.print(target + ": the server" + cores(use.cores()) + heap(use.heapBytes(), use.liveBytes())
                    + connections(use.connections()) + ".");
        }
    }

    /** Prints the server's figures before the connections were opened, and while they were open. */
    static void server(Screen screen, String target, Server.@Nullable Figures before, Server.@Nullable Figures after) {
        if (before != null && after != null) {
            screen.print(target + ": before, the server" + heap(before) + connections(before.connections())
                    + "; with the load it" + heap(after) + connections(after.connections()) + ".");
        }
    }

    private static String heap(Server.Figures figures) {
        Double live = figures.liveBytes();
        return heap(figures.heapBytes(), live == null || live == 0 ? null : live);
    }

    private static String cores(@Nullable Double cores) {
        return cores == null ? "" : String.format(Locale.ROOT, " kept %.2f CPUs busy,", cores);
    }

    static String heap(@Nullable Double used, @Nullable Double live) {
        if (used == null) {
            return " does not publish its heap";
        }
        String after = live == null ? "" : ", " + megabytes(live) + " of it long-lived after its last full collection";
        return " had " + megabytes(used) + " of heap in use, garbage included" + after;
    }

    private static String connections(@Nullable Double open) {
        return open == null ? "" : ", and " + count(open) + " connections open";
    }

    private static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
    }
}
