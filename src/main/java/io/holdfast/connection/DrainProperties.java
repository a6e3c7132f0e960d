// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.settings.Setting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How connections are closed when the service stops.
 *
 * @param window over which connections get their goodbye, each at its own random moment. Default: 10s, at most 10m.
 *     What is left one second later is closed.
 */
@ConfigurationProperties("holdfast.drain")
public record DrainProperties(@DefaultValue("10s") Duration window) {

    public DrainProperties {
        new Setting("holdfast.drain.window", "10s").duration(window, Duration.ZERO, Duration.ofMinutes(10));
    }
}
