package io.holdfast.probe.survive;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.TcpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to measure.
 *
 * @param http where the transports over HTTP are; null if none is held
 * @param tcp of a raw echo; null if it is not held
 * @param lines of the channel protocol by lines; null if it is not held
 * @param transports to hold, each with its address given
 * @param silences to hold at the same time, ascending
 * @param heartbeats to try beside the recommended one
 * @param streamPath below {@code http}
 * @param webSocketPath below {@code http}
 * @param patience for an answer, before nothing is taken to come
 * @param insecure whether any certificate will do
 */
public record Plan(
        @Nullable HttpAddress http,
        @Nullable TcpAddress tcp,
        @Nullable TcpAddress lines,
        List<ProbedTransport> transports,
        List<Duration> silences,
        List<Duration> heartbeats,
        String streamPath,
        String webSocketPath,
        Duration patience,
        boolean insecure) {

    public static final Duration FIRST = Duration.ofSeconds(1);
    public static final Duration UP_TO = Duration.ofMinutes(1);

    public static final Duration SHORTEST = Duration.ofMillis(100);

    /** The longest interval that a stream takes. */
    public static final Duration LONGEST = Duration.ofHours(24);

    /** Among the heartbeats: none at all. */
    public static final Duration NO_HEARTBEAT = Duration.ZERO;

    public static final String STREAM_PATH = "/stream";
    public static final String WEBSOCKET_PATH = "/echo";

    /** All at once, so few enough for a handful of transports not to be a load. */
    public static final int MOST_SILENCES = 32;

    public static final int MOST_HEARTBEATS = 16;

    /** From a second on, each twice the one before, to {@code most}. */
    public static List<Duration> silencesUpTo(Duration most) {
        List<Duration> silences = new ArrayList<>();
        // Short ones are for who tries it out.
        Duration first = most.compareTo(FIRST.multipliedBy(4)) < 0 ? most.dividedBy(8) : FIRST;
        for (Duration next = first; next.compareTo(most) < 0; next = next.multipliedBy(2)) {
            silences.add(next);
        }
        silences.add(most);
        return List.copyOf(silences);
    }

    /** What is going to happen. */
    public String introduction() {
        String names = transports.stream().map(ProbedTransport::title).collect(Collectors.joining(", "));
        return "Holding " + transports.size() * silences.size() + " connections (" + names + ") silent for "
                + silences.stream().map(TextFormat::of).collect(Collectors.joining(", ")) + ", all at once.";
    }

    Duration longest() {
        return silences.getLast();
    }
}
