// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.access.Access;
import io.holdfast.access.Action;
import io.holdfast.access.Denial;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** Counts what was denied, by action and reason. */
@Component
final class AccessMeters implements MeterBinder {

    private final Access access;

    AccessMeters(Access access) {
        this.access = access;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Action action : Action.values()) {
            for (Denial.Reason reason : Denial.Reason.values()) {
                if (reason.isPossible(action)) {
                    FunctionCounter.builder("holdfast.access.denied", access, denied -> denied.denied(action, reason))
                            .description("Requests, commands and tokens that were refused")
                            .tag("action", action.tag())
                            .tag("reason", reason.tag())
                            .register(registry);
                }
            }
        }
    }
}
