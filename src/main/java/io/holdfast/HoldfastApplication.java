// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import io.holdfast.probe.Commands;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Keeps connections open over HTTP streaming, WebSocket and TCP, and shows which of them survives. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class HoldfastApplication {

    public static void main(String[] args) {
        if (Commands.isAsked(args)) {
            System.exit(Commands.run(args));
        }
        SpringApplication.run(HoldfastApplication.class, args);
    }
}
