// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.BadParameterException;
import io.holdfast.connection.Label;
import io.holdfast.connection.ParameterValues;
import io.holdfast.connection.RequestProblem;
import io.holdfast.fault.FaultParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/**
 * A request's parameters. A parameter that cannot be used makes a {@link BadParameterException}.
 *
 * @param parameters each with all its values
 */
record Query(Map<String, String[]> parameters) {

    /**
     * The parameters in the request's URI. The body is never read for parameters.
     *
     * @throws ErrorResponseException if the query can't be decoded
     */
    static Query of(Request request) {
        try {
            return new Query(Request.extractQueryParameters(request).toStringArrayMap());
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new ErrorResponseException(
                    HttpStatus.BAD_REQUEST,
                    RequestProblem.part(
                            HttpStatus.BAD_REQUEST,
                            "query",
                            request.getHttpURI().getQuery(),
                            "percent-encoded UTF-8, as label=caf%C3%A9"),
                    e);
        }
    }

    /** As {@link #of(Request)}, for a request that a servlet handles. */
    static Query of(HttpServletRequest request) {
        return of(ServletContextRequest.getServletContextRequest(request));
    }

    /** Refuses every parameter but {@code own} and those of faults, and each that is given twice. */
    Query allow(List<String> own, List<String> ofFaults) {
        // Most requests have none.
        if (!parameters.isEmpty()) {
            ParameterValues.of(
                    parameters, Stream.concat(own.stream(), ofFaults.stream()).toList());
        }
        return this;
    }

    @Nullable
    String value(String name) {
        String[] values = parameters.get(name);
        return values == null ? null : values[0];
    }

    String value(String name, String absent) {
        return Objects.requireNonNullElse(value(name), absent);
    }

    ParameterValues values() {
        return new ParameterValues(this::value);
    }

    /** The fault and the heartbeats that were asked for. */
    FaultParameters faults() {
        return new FaultParameters(values());
    }

    /** The name that the client gave its connection; null for none. */
    @Nullable
    String label() {
        return Label.of(value("label"));
    }
}
