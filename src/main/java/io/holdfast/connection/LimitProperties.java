// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.settings.Setting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What peers may use, all together and each.
 *
 * @param connections open connections of all transports. Default: 16000, which fits 20,000 file descriptors. More are
 *     refused: with 503 before an upgrade or a stream; over TCP they are closed at once.
 * @param http open streams among them. Default: 16000
 * @param websocket open WebSockets among them. Default: 16000
 * @param tcp open TCP connections among them. Default: 16000
 * @param perAddress open connections of one remote address. Default: 10000. More are refused with 429; over TCP they
 *     are closed.
 * @param handshake time from a connection's start to its first complete request or handshake. Default: 10s; then it is
 *     closed. Also the period over which {@code bodyRate} is measured, and a third of the time for the head of a further
 *     request.
 * @param bodyRate least bytes per second of a body, frame, message or line that has begun, averaged over {@code handshake}.
 *     Default: 1KB. A slower body is answered with 408, and a slower WebSocket or TCP connection is closed as {@code
 *     timeout}.
 * @param closing time that a peer has to read its goodbye, or the last answer over HTTP, and to end its side. Default:
 *     5s; then the socket is closed.
 * @param subscriptions channels of one WebSocket or TCP connection. Default: 128. More are answered with an error.
 * @param messageSize the longest {@code message} or {@code size} of a stream's tick, and the longest data of a
 *     published message, in bytes. Default: 64KB. More is refused with 400 for a tick, and with 413 or an error for a
 *     publish.
 * @param echoSize the largest body or message that is echoed, in bytes, over all its parts. Default: 16MB, at most 1GB.
 *     More is refused with 413 over HTTP, and closes a WebSocket with 1009.
 * @param streamsPerSession requests and streams that are open at once on one connection of HTTP/2. Default: 128. The client
 *     is told, and a further one is refused with {@code REFUSED_STREAM}.
 * @param controlFrames frames a second of kinds that a client of HTTP/2 rarely sends, as PING, SETTINGS, RST_STREAM and empty
 *     ones. Default: 128. More end the connection with {@code ENHANCE_YOUR_CALM}.
 * @param handshakes new connections of one remote address. Default: no limit. More are refused with 429; over TCP they are
 *     closed.
 * @param commands commands of one WebSocket or TCP connection. Default: no limit. More are answered with an error, and a
 *     connection that goes on is closed as {@code limit}.
 * @param publishes messages that one principal publishes, over all transports; without a token, one remote address. Default:
 *     no limit. More are refused with 429 or an error.
 */
@ConfigurationProperties("holdfast.limits")
public record LimitProperties(
        @DefaultValue("16000") int connections,
        @DefaultValue("16000") int http,
        @DefaultValue("16000") int websocket,
        @DefaultValue("16000") int tcp,
        @DefaultValue("10000") int perAddress,
        @DefaultValue("10s") Duration handshake,
        @DefaultValue("1KB") DataSize bodyRate,
        @DefaultValue("5s") Duration closing,
        @DefaultValue("128") int subscriptions,
        @DefaultValue("64KB") DataSize messageSize,
        @DefaultValue("16MB") DataSize echoSize,
        @DefaultValue("128") int streamsPerSession,
        @DefaultValue("128") int controlFrames,
        @DefaultValue Rate handshakes,
        @DefaultValue Rate commands,
        @DefaultValue Rate publishes) {

    private static final int MOST_PER_SECOND = 1_000_000;

    public LimitProperties {
        count("connections", connections);
        count("http", http);
        count("websocket", websocket);
        count("tcp", tcp);
        count("per-address", perAddress);
        setting("handshake", "10s").duration(handshake, Duration.ofMillis(100), Duration.ofMinutes(10));
        setting("body-rate", "1KB").size(bodyRate, DataSize.ofBytes(1), DataSize.ofMegabytes(1));
        setting("closing", "5s").duration(closing, Duration.ofMillis(10), Duration.ofMinutes(10));
        count("subscriptions", subscriptions);
        setting("message-size", "64KB").size(messageSize, DataSize.ofBytes(1), DataSize.ofMegabytes(16));
        setting("echo-size", "16MB").size(echoSize, DataSize.ofBytes(1), DataSize.ofGigabytes(1));
        setting("streams-per-session", "128").number(streamsPerSession, 1, 10_000);
        setting("control-frames", "128").number(controlFrames, 1, MOST_PER_SECOND);
        rate("handshakes", handshakes);
        rate("commands", commands);
        rate("publishes", publishes);
    }

    private static void rate(String name, Rate rate) {
        setting(name + ".per-second", "100").number(rate.perSecond(), 0, MOST_PER_SECOND);
        setting(name + ".burst", "200").number(rate.burst(), 0, MOST_PER_SECOND);
    }

    private static Setting setting(String name, String example) {
        return new Setting("holdfast.limits." + name, example);
    }

    private static void count(String name, int count) {
        setting(name, "1000").number(count, 0, Integer.MAX_VALUE);
    }

    int of(Limit limit) {
        return switch (limit) {
            case CONNECTIONS -> connections;
            case HTTP -> http;
            case WEBSOCKET -> websocket;
            case TCP -> tcp;
            case PER_ADDRESS -> perAddress;
            case HANDSHAKES -> handshakes.perSecond();
            case DESCRIPTORS, DRAINING -> 0;
        };
    }

    /**
     * How often something may happen.
     *
     * @param perSecond times a second, on average. Default: 0, which is no limit
     * @param burst times at once, after a pause. Default: 0, which is as many as {@code perSecond}
     */
    public record Rate(
            @DefaultValue("0") int perSecond,
            @DefaultValue("0") int burst) {

        boolean isLimited() {
            return perSecond > 0;
        }

        int atOnce() {
            return burst > 0 ? burst : perSecond;
        }

        /** From nothing to a whole burst. */
        Duration refill() {
            return Duration.ofSeconds(1).multipliedBy(atOnce()).dividedBy(perSecond);
        }
    }
}
