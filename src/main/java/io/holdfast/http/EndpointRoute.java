// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.util.URIUtil;
import org.springframework.http.HttpStatus;

/** The path of a {@link MessageEndpoint}, and the timers of its requests, each looked up once. */
final class EndpointRoute {

    private final MessageEndpoint endpoint;
    private final String prefix;
    private final String suffix;
    private final boolean hasVariable;
    private final MeterRegistry meters;
    private final Map<Outcome, Timer> timers = new ConcurrentHashMap<>();

    private record Outcome(String method, int status) {}

    EndpointRoute(MessageEndpoint endpoint, MeterRegistry meters) {
        this.endpoint = endpoint;
        this.meters = meters;
        String pattern = endpoint.pattern();
        int open = pattern.indexOf('{');
        this.hasVariable = open >= 0;
        this.prefix = hasVariable ? pattern.substring(0, open) : pattern;
        this.suffix = hasVariable ? pattern.substring(pattern.indexOf('}') + 1) : "";
    }

    MessageEndpoint endpoint() {
        return endpoint;
    }

    boolean matches(String path) {
        if (!hasVariable) {
            return path.equals(prefix);
        }
        int end = path.length() - suffix.length();
        return path.startsWith(prefix)
                && path.endsWith(suffix)
                && end > prefix.length()
                && path.indexOf('/', prefix.length()) == (suffix.isEmpty() ? -1 : end);
    }

    /** The part of {@code path} that stands for the braces, decoded. */
    String variable(String path) {
        return URIUtil.decodePath(path.substring(prefix.length(), path.length() - suffix.length()));
    }

    /** Records a request as Spring's observation does, with the same name and tags. */
    void record(String method, int status, long nanos) {
        // Peers can make up methods without end.
        String known = HttpMethod.fromString(method) == null ? "UNKNOWN" : method;
        timers.computeIfAbsent(new Outcome(known, status), this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Outcome outcome) {
        return Timer.builder("http.server.requests")
                .tag("error", "none")
                .tag("exception", "none")
                .tag("method", outcome.method())
                .tag("outcome", outcome(outcome.status()))
                .tag("status", String.valueOf(outcome.status()))
                .tag("uri", endpoint.pattern())
                .register(meters);
    }

    private static String outcome(int status) {
        HttpStatus.Series series = HttpStatus.Series.resolve(status);
        return series == null
                ? "UNKNOWN"
                : switch (series) {
                    case INFORMATIONAL -> "INFORMATIONAL";
                    case SUCCESSFUL -> "SUCCESS";
                    case REDIRECTION -> "REDIRECTION";
                    case CLIENT_ERROR -> "CLIENT_ERROR";
                    case SERVER_ERROR -> "SERVER_ERROR";
                };
    }
}
