// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A clock that the test moves. */
@TestConfiguration(proxyBeanMethods = false)
public class MovedClock {

    private volatile Instant now = Instant.parse("2026-11-22T10:00:00Z");

    @Bean
    @Primary
    InstantSource movedClock() {
        return () -> now;
    }

    /** Lets time pass. */
    public void pass(Duration time) {
        now = now.plus(time);
    }
}
