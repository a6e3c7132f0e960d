// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import io.holdfast.time.MonotonicClock;
import java.time.InstantSource;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;

/** The room {@code access} without the rest of the service. */
public final class TestAccess {

    private TestAccess() {}

    /**
     * To be closed.
     *
     * @param settings as {@code holdfast.access.local=false}
     */
    public static AnnotationConfigApplicationContext open(String... settings) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        TestPropertyValues.of(settings).applyTo(context);
        context.register(Room.class);
        context.refresh();
        return context;
    }

    /** As it is with its defaults. It has no threads, and need not be closed. */
    public static Access local() {
        return open().getBean(Access.class);
    }

    @ComponentScan(basePackages = "io.holdfast.access", excludeFilters = @Filter(TestComponent.class))
    @ConfigurationPropertiesScan("io.holdfast.access")
    static class Room {

        @Bean
        InstantSource timeOfDay() {
            return InstantSource.system();
        }

        @Bean
        MonotonicClock monotonicClock() {
            return System::nanoTime;
        }
    }
}
