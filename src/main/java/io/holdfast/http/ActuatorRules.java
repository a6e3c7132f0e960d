// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Action;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** What requests to the actuator need. */
@Component
final class ActuatorRules {

    private static final String HEALTH = "health";

    private final String base;

    ActuatorRules(@Value("${management.endpoints.web.base-path:/actuator}") String base) {
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    /** Whether {@code path} is one of the actuator. */
    boolean isActuator(String path) {
        return path.equals(base) || path.startsWith(base + "/");
    }

    /** Null if nothing is needed. Details of health are left out for a client that may not observe. */
    @Nullable
    Action action(String method, String path) {
        String endpoint = path.length() > base.length() ? path.substring(base.length() + 1) : "";
        if (endpoint.equals(HEALTH) || endpoint.startsWith(HEALTH + "/")) {
            return null;
        }
        return method.equals("GET") || method.equals("HEAD") ? Action.OBSERVE : Action.OPERATE;
    }
}
