// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.settings.Setting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a connection without heartbeats may be silent.
 *
 * @param tcp time without a byte either way on raw TCP. Default: 10m; then it is closed
 */
@ConfigurationProperties("holdfast.idle")
public record IdleProperties(@DefaultValue("10m") Duration tcp) {

    public IdleProperties {
        new Setting("holdfast.idle.tcp", "10m").duration(tcp, Duration.ofMillis(100), Duration.ofDays(30));
    }
}
