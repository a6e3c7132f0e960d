package io.holdfast.probe;

import static io.holdfast.probe.result.Percentiles.text;

import io.holdfast.probe.load.ConnectionStats;
import io.holdfast.probe.load.Server;
import io.holdfast.probe.load.ServerUse;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results in words. */
final class Words {

    private Words() {}

    static String count(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String stood(ConnectionStats standing) {
        return standing.stood() == standing.asked()
                ? count(standing.asked())
                : count(standing.stood()) + " of " + count(standing.asked());
    }

    static String cpu(@Nullable ServerUse server) {
        Double micros = server == null ? null : server.cpuMicrosPerMessage();
        return micros == null ? "-" : text(micros);
    }

    /** What did not stand, if anything. */
    static void troubles(PrintWriter out, String who, ConnectionStats standing) {
        tell(out, who + ": never stood", standing.failed());
        tell(out, who + ": ended before we closed them", standing.ended());
        if (standing.reopened() > 0) {
            out.println("%s: %,d times the server ended a connection after an answer, and a new one took its place."
                    .formatted(who, standing.reopened()));
        }
    }

    private static void tell(PrintWriter out, String what, Map<String, Long> counts) {
        counts.forEach((how, number) -> out.println("%s: %,d, %s".formatted(what, number, how)));
    }

    static void server(PrintWriter out, String target, @Nullable ServerUse use) {
        if (use != null) {
            out.println(target + ": the server" + cores(use.cores()) + heap(use.heapBytes(), use.liveBytes())
                    + connections(use.connections()) + ".");
        }
    }

    /** What changed while connections were opened and held. */
    static void server(
            PrintWriter out, String target, Server.@Nullable Figures before, Server.@Nullable Figures after) {
        if (before != null && after != null) {
            out.println(target + ": before, the server" + heap(before) + connections(before.connections()) + "; then it"
                    + heap(after) + connections(after.connections()) + ".");
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
            return " does not tell its heap";
        }
        String after = live == null ? "" : ", " + megabytes(live) + " of it long-lived after its last big collection";
        return " had " + megabytes(used) + " of heap in use, garbage included" + after;
    }

    private static String connections(@Nullable Double open) {
        return open == null ? "" : ", and " + count(open) + " connections open";
    }

    private static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
    }
}
