// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.stereotype.Component;

/** Refuses parameters that the endpoints of this room do not have, and each that is given twice. Boot ignores them. */
@Component
final class KnownParameters implements OperationInvokerAdvisor {

    private static final Set<EndpointId> ENDPOINTS = Set.of(EndpointId.of("connections"), EndpointId.of("channels"));

    @Override
    public OperationInvoker apply(
            EndpointId endpoint, OperationType type, OperationParameters parameters, OperationInvoker invoker) {
        if (!ENDPOINTS.contains(endpoint)) {
            return invoker;
        }
        List<String> names =
                parameters.stream().map(OperationParameter::getName).toList();
        List<String> ofQuery = parameters.stream()
                .filter(parameter -> parameter.getAnnotation(Selector.class) == null)
                .map(OperationParameter::getName)
                .toList();
        return context -> {
            context.getArguments().forEach((name, value) -> check(name, value, names, ofQuery));
            return invoker.invoke(context);
        };
    }

    private static void check(String name, Object value, List<String> names, List<String> ofQuery) {
        if (!names.contains(name)) {
            throw Parameters.invalid(name, ofQuery.isEmpty() ? "none" : String.join(", ", ofQuery));
        }
        if (value instanceof Collection<?> values) {
            throw Parameters.invalid(
                    name, "one value, as " + name + "=" + values.iterator().next());
        }
    }
}
