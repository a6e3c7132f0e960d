// SPDX-License-Identifier: Apache-2.0
package io.holdfast.time;

import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The clocks of the service: one for the time of day, one for intervals. The only place that reads the system's. */
@Configuration(proxyBeanMethods = false)
class TimeConfiguration {

    @Bean
    InstantSource timeOfDay() {
        return InstantSource.system();
    }

    @Bean
    MonotonicClock monotonicClock() {
        return System::nanoTime;
    }
}
