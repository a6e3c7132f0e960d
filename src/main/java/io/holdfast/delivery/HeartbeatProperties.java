// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.settings.Setting;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often a quiet connection gets a heartbeat, and how a peer that vanished is detected.
 *
 * @param interval the time from one ping to the next, and the longest silence on a stream. Default: 25s
 * @param pongTimeout how long after a ping anything must have come from the peer. Default: 10s, or the interval if that is
 *     shorter; then the connection is closed without a goodbye. Not longer than the interval.
 */
@ConfigurationProperties("holdfast.heartbeat")
public record HeartbeatProperties(
        @DefaultValue("25s") Duration interval, @Nullable Duration pongTimeout) {

    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(25);
    private static final Duration USUAL_PONG_TIMEOUT = Duration.ofSeconds(10);

    public HeartbeatProperties {
        Duration usualPongTimeout = min(USUAL_PONG_TIMEOUT, interval);
        if (pongTimeout == null) {
            pongTimeout = usualPongTimeout;
        }
        // An example fits the other setting as it is.
        new Setting("holdfast.heartbeat.interval", Setting.text(max(USUAL_INTERVAL, pongTimeout)))
                .duration(interval, Duration.ofMillis(100), Duration.ofDays(1));
        new Setting("holdfast.heartbeat.pong-timeout", Setting.text(usualPongTimeout))
                .duration(pongTimeout, Duration.ofMillis(10), interval);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    @Override
    public Duration pongTimeout() {
        return Objects.requireNonNull(pongTimeout);
    }
}
