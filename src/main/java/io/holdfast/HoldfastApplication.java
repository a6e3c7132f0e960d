// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import io.holdfast.probe.Commands;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Keeps connections open over HTTP streaming, WebSocket and TCP, and shows which of them survives. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class HoldfastApplication {

    /**
     * Settings of libraries that make a start shorter. Without them Jetty asks JMX for the size of a cache line, and Netty sets up
     * its events for the flight recorder. A {@code -D} option has precedence.
     */
    private static final Map<String, String> LIBRARIES =
            Map.of("org.eclipse.jetty.util.referencesPerCacheLine", "16", "io.netty.jfr.enabled", "false");

    public static void main(String[] args) {
        if (Commands.isAsked(args)) {
            System.exit(Commands.run(args));
        }
        LIBRARIES.forEach(System.getProperties()::putIfAbsent);
        SpringApplication.run(HoldfastApplication.class, args);
    }
}
