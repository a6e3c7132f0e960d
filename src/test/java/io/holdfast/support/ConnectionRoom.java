// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import io.holdfast.channel.MessageTracing;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;

/** The room {@code connection}, and those of the channels, for transports without the rest of the application. */
public final class ConnectionRoom {

    private ConnectionRoom() {}

    /** To be closed. Has its defaults but for {@code settings}, such as {@code holdfast.idle.tcp=1s}. */
    public static AnnotationConfigApplicationContext open(String... settings) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        TestPropertyValues.of(settings).applyTo(context);
        context.register(Settings.class, LifecycleAutoConfiguration.class);
        context.refresh();
        return context;
    }

    @ComponentScan(
            basePackages = {
                "io.holdfast.time",
                "io.holdfast.memory",
                "io.holdfast.access",
                "io.holdfast.connection",
                "io.holdfast.delivery",
                "io.holdfast.fault",
                "io.holdfast.channel",
                "io.holdfast.session"
            },
            excludeFilters = @Filter(TestComponent.class))
    @ConfigurationPropertiesScan({
        "io.holdfast.memory",
        "io.holdfast.access",
        "io.holdfast.connection",
        "io.holdfast.delivery",
        "io.holdfast.channel"
    })
    static class Settings {

        @Bean
        MessageTracing tracing() {
            return MessageTracing.NONE;
        }
    }
}
