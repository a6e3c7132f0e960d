package io.holdfast.delivery;

import io.holdfast.settings.Setting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often a quiet connection gets a heartbeat, and how a peer that vanished is detected.
 *
 * @param interval the time from one ping to the next, and the longest silence on a stream. Default: 25s
 * @param pongTimeout how long after a ping anything must have come from the peer. Default: 10s; then the connection is
 *     closed without a goodbye. Not longer than the interval.
 */
@ConfigurationProperties(value = "holdfast.heartbeat", ignoreUnknownFields = false)
public record HeartbeatProperties(
        @DefaultValue("25s") Duration interval,
        @DefaultValue("10s") Duration pongTimeout) {

    public HeartbeatProperties {
        new Setting("holdfast.heartbeat.interval", "25s")
                .duration(interval, Duration.ofMillis(100), Duration.ofDays(1));
        new Setting("holdfast.heartbeat.pong-timeout", "10s").duration(pongTimeout, Duration.ofMillis(10), interval);
    }
}
