package io.holdfast.connection;

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
 *     closed.
 * @param closing time that a peer has to read its goodbye and to end its side. Default: 5s; then the socket is closed.
 * @param subscriptions channels of one WebSocket or TCP connection. Default: 128. More are answered with an error.
 * @param messageSize the longest {@code message} or {@code size} of a stream's tick, and the longest data of a
 *     published message, in bytes. Default: 64KB. More is refused with 400 for a tick, and with 413 or an error for a
 *     publish.
 * @param echoSize the largest body or message that is echoed, in bytes, over all its parts. Default: 16MB, at most 1GB.
 *     More is refused with 413 over HTTP, and closes a WebSocket with 1009.
 */
@ConfigurationProperties("holdfast.limits")
public record LimitProperties(
        @DefaultValue("16000") int connections,
        @DefaultValue("16000") int http,
        @DefaultValue("16000") int websocket,
        @DefaultValue("16000") int tcp,
        @DefaultValue("10000") int perAddress,
        @DefaultValue("10s") Duration handshake,
        @DefaultValue("5s") Duration closing,
        @DefaultValue("128") int subscriptions,
        @DefaultValue("64KB") DataSize messageSize,
        @DefaultValue("16MB") DataSize echoSize) {

    public LimitProperties {
        check("connections", connections);
        check("http", http);
        check("websocket", websocket);
        check("tcp", tcp);
        check("per-address", perAddress);
        Durations.check("holdfast.limits.handshake", handshake, Duration.ofMillis(100), Duration.ofMinutes(10), "10s");
        Durations.check("holdfast.limits.closing", closing, Duration.ofMillis(10), Duration.ofMinutes(10), "5s");
        check("subscriptions", subscriptions);
        check("message-size", messageSize, DataSize.ofMegabytes(16), "64KB");
        check("echo-size", echoSize, DataSize.ofGigabytes(1), "16MB");
    }

    int of(Limit limit) {
        return switch (limit) {
            case CONNECTIONS -> connections;
            case HTTP -> http;
            case WEBSOCKET -> websocket;
            case TCP -> tcp;
            case PER_ADDRESS -> perAddress;
            case DRAINING -> 0;
        };
    }

    private static void check(String name, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(
                    "holdfast.limits." + name + ": " + count + " is not a number from 0; valid: 1000");
        }
    }

    private static void check(String name, DataSize size, DataSize most, String example) {
        if (size.toBytes() < 1 || size.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "holdfast.limits." + name + ": " + size + " is not from 1B to " + most + "; valid: " + example);
        }
    }
}
