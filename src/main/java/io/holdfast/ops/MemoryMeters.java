// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryPart;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** Publishes the memory budget, by part. */
@Component
class MemoryMeters implements MeterBinder {

    private final MemoryBudget memory;

    MemoryMeters(MemoryBudget memory) {
        this.memory = memory;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (MemoryPart part : memory.parts()) {
            Gauge.builder("holdfast.memory.used", part, MemoryPart::used)
                    .description("Memory that the service holds for peers")
                    .baseUnit("bytes")
                    .tag("part", part.name())
                    .register(registry);
            Gauge.builder("holdfast.memory.limit", part, MemoryPart::limit)
                    .description("Memory that the service may hold for peers")
                    .baseUnit("bytes")
                    .tag("part", part.name())
                    .register(registry);
        }
    }
}
