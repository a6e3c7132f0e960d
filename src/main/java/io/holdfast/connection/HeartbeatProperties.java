package io.holdfast.connection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a vanished WebSocket peer is found.
 *
 * @param interval from one ping to the next. Default: 25s
 * @param pongTimeout how long after a ping something, anything, must have come. Default: 10s; then the connection is
 *     closed abruptly. Shorter than the interval.
 */
@ConfigurationProperties("holdfast.heartbeat")
public record HeartbeatProperties(
        @DefaultValue("25s") Duration interval,
        @DefaultValue("10s") Duration pongTimeout) {

    public HeartbeatProperties {
        Durations.check("holdfast.heartbeat.interval", interval, Duration.ofMillis(100), Duration.ofDays(1), "25s");
        Durations.check("holdfast.heartbeat.pong-timeout", pongTimeout, Duration.ofMillis(10), interval, "10s");
    }
}
