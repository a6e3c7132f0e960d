package io.holdfast.connection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the service lets go of its connections when it stops.
 *
 * @param window over which connections are told goodbye, each at its own random moment. Default: 10s, at most 10m; what
 *     is left one second after it is closed
 */
@ConfigurationProperties("holdfast.drain")
public record DrainProperties(@DefaultValue("10s") Duration window) {

    public DrainProperties {
        Durations.check("holdfast.drain.window", window, Duration.ZERO, Duration.ofMinutes(10), "10s");
    }
}
