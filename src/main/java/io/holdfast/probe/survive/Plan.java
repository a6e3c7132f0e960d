// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.BearerToken;
import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.HttpProtocol;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.client.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The options of a measurement.
 *
 * @param http the service's HTTP address; null if not measured
 * @param tcp the address of a raw echo; null if not measured
 * @param lines the address of the channel protocol on lines; null if not measured
 * @param transports to measure; the address of each is set
 * @param silences to try at the same time, ascending
 * @param heartbeats to try in addition to the recommended one
 * @param streamPath below {@code http}
 * @param webSocketPath below {@code http}
 * @param patience how long to wait for an answer
 * @param protocol the version of HTTP
 * @param trust whose certificates are accepted
 * @param token shown to the service; null for none
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
        HttpProtocol protocol,
        Trust trust,
        @Nullable BearerToken token) {

    public static final Duration FIRST = Duration.ofSeconds(1);
    public static final Duration UP_TO = Duration.ofMinutes(1);

    public static final Duration SHORTEST = Duration.ofMillis(100);

    /** The longest interval that a stream accepts. */
    public static final Duration LONGEST = Duration.ofHours(24);

    /** No heartbeat, as an element of the heartbeats. */
    public static final Duration NO_HEARTBEAT = Duration.ZERO;

    public static final String STREAM_PATH = "/stream";
    public static final String WEBSOCKET_PATH = "/echo";

    /** Answers a POST with its body. */
    static final String REQUEST_PATH = "/echo";

    /** The most silences: all run at the same time, and must not load the service. */
    public static final int MOST_SILENCES = 32;

    public static final int MOST_HEARTBEATS = 16;

    /** From one second up to {@code most}, each twice as long as the previous one. */
    public static List<Duration> silencesUpTo(Duration most) {
        List<Duration> silences = new ArrayList<>();
        // A short limit is for trying the command out.
        Duration first = most.compareTo(FIRST.multipliedBy(4)) < 0 ? most.dividedBy(8) : FIRST;
        for (Duration next = first; next.compareTo(most) < 0; next = next.multipliedBy(2)) {
            silences.add(next);
        }
        silences.add(most);
        return List.copyOf(silences);
    }

    /** The address that the user gave for a transport, as text. */
    String address(ProbedTransport transport) {
        return String.valueOf(transport.isWeb() ? http : transport == ProbedTransport.TCP ? (Object) tcp : lines);
    }

    /** The text that is printed before the measurement. */
    public String introduction() {
        String names = transports.stream().map(ProbedTransport::title).collect(Collectors.joining(", "));
        boolean overHttp2 =
                protocol == HttpProtocol.HTTP_2 && transports.stream().anyMatch(ProbedTransport::isWeb);
        return "Keeping " + transports.size() * silences.size() + " connections (" + names
                + (overHttp2 ? ", over HTTP/2" : "") + ") silent for "
                + silences.stream().map(TextFormat::of).collect(Collectors.joining(", ")) + ", all at the same time.";
    }

    Duration longest() {
        return silences.getLast();
    }
}
