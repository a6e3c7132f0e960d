// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.RequestProblem;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpRequestMethodNotSupportedException;

/**
 * The place that every HTTP request passes. Requests that occur once a message go to a {@link MessageEndpoint}, on the
 * event loop. All others go to the servlet context, on a virtual thread, where they may block.
 */
final class FrontHandler extends Handler.Wrapper {

    private final String contextPath;
    private final List<EndpointRoute> routes;
    private final AllowedMethods methods;
    private final CrossOrigin crossOrigin;
    private final AccessGate gate;
    private final ProblemAnswers problems;
    private final Uploads uploads;
    private final Executor blocking;

    /** @param blocking runs what may block */
    FrontHandler(
            Handler servlets,
            String contextPath,
            List<MessageEndpoint> endpoints,
            AllowedMethods methods,
            CrossOrigin crossOrigin,
            AccessGate gate,
            ProblemAnswers problems,
            Uploads uploads,
            MeterRegistry meters,
            Executor blocking) {
        super(servlets);
        this.contextPath = contextPath;
        this.routes = endpoints.stream()
                .map(endpoint -> new EndpointRoute(endpoint, meters))
                .toList();
        this.methods = methods;
        this.crossOrigin = crossOrigin;
        this.gate = gate;
        this.problems = problems;
        this.uploads = uploads;
        this.blocking = blocking;
    }

    @Override
    public Invocable.InvocationType getInvocationType() {
        return Invocable.InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpFields.Mutable answer = response.getHeaders();
        SecurityHeaders.put(answer);
        String path = path(request);
        if (path.equals("/")) {
            crossOrigin.putOfPage(request, answer);
        }
        EndpointRoute route = route(path);
        Exchange exchange = new Exchange(request, response, callback, problems, uploads, route);
        ProblemDetail refused = RequestRules.check(request);
        if (refused != null) {
            // What such a client sends next may not be a request.
            answer.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            exchange.fail(ProblemAnswers.response(refused));
            return true;
        }
        if ("*".equals(request.getHttpURI().getPath())) {
            // The server as a whole (RFC 9110, section 9.3.7). Jetty refuses any other method than OPTIONS for it.
            exchange.answer(HttpStatus.NO_CONTENT.value(), new HttpField(HttpHeader.ALLOW, "GET, HEAD, POST, OPTIONS"));
            return true;
        }
        ProblemDetail badPath = check(path, request.getHttpURI().getPath());
        if (badPath != null) {
            exchange.fail(ProblemAnswers.response(badPath));
            return true;
        }
        switch (crossOrigin.check(request, path, answer)) {
            case REFUSED -> exchange.fail(crossOrigin.refusal(request));
            case PREFLIGHT -> exchange.answer(HttpStatus.NO_CONTENT.value(), allow(methods.of(path, route)));
            case PASS -> gate.pass(exchange, path, route, () -> dispatch(exchange, callback, path, route));
        }
        return true;
    }

    private void dispatch(Exchange exchange, Callback callback, String path, @Nullable EndpointRoute route) {
        String method = exchange.request().getMethod();
        if (RequestRules.isTunnel(exchange.request())) {
            pass(exchange, callback);
        } else if (route == null
                ? method.equals("GET") || method.equals("HEAD")
                : route.endpoint().leaves(method)) {
            pass(exchange, callback);
        } else if (route != null && route.endpoint().handles(method)) {
            exchange.run(route, route.variable(path));
        } else {
            List<String> allowed = methods.of(path, route);
            if (allowed.isEmpty()) {
                exchange.fail(ProblemAnswers.response(ProblemAnswers.noResource(path)));
            } else if (method.equals("OPTIONS")) {
                exchange.answer(HttpStatus.NO_CONTENT.value(), allow(allowed));
            } else if (route == null && allowed.contains(method)) {
                pass(exchange, callback);
            } else {
                exchange.fail(new HttpRequestMethodNotSupportedException(method, allowed));
            }
        }
    }

    private static HttpField allow(List<String> methods) {
        return new HttpField(HttpHeader.ALLOW, String.join(", ", methods));
    }

    private String path(Request request) {
        String path = request.getHttpURI().getCanonicalPath();
        if (path == null) {
            return "";
        }
        return path.startsWith(contextPath) ? path.substring(contextPath.length()) : "";
    }

    private static @Nullable ProblemDetail check(String path, @Nullable String sent) {
        if (path.equals(ServletErrors.PATH)) {
            return ProblemAnswers.noResource(path);
        }
        return isPlain(sent)
                ? null
                : RequestProblem.part(
                        HttpStatus.BAD_REQUEST,
                        "path",
                        sent,
                        "a path without . and .. segments and without ;, as /channels/news");
    }

    /**
     * Whether everything behind this handler understands {@code path} as it is understood here. Dot segments and path
     * parameters are resolved here, but not by Spring.
     */
    private static boolean isPlain(@Nullable String path) {
        return path == null
                || (path.indexOf(';') < 0
                        && (!path.contains("/.") || Stream.of(path.split("/")).noneMatch(FrontHandler::isDotSegment)));
    }

    private static boolean isDotSegment(String segment) {
        return segment.equals(".") || segment.equals("..");
    }

    private @Nullable EndpointRoute route(String path) {
        for (EndpointRoute route : routes) {
            if (route.matches(path)) {
                return route;
            }
        }
        return null;
    }

    /** A query that cannot be decoded is refused first: a servlet fails only when it asks for a parameter. */
    private void pass(Exchange exchange, Callback callback) {
        Request request = exchange.request();
        Response response = exchange.response();
        try {
            Query.of(request);
        } catch (ErrorResponseException e) {
            exchange.fail(e);
            return;
        }
        blocking.execute(() -> {
            try {
                if (!super.handle(request, response, callback)) {
                    Response.writeError(request, response, callback, HttpStatus.NOT_FOUND.value());
                }
            } catch (Exception e) {
                Response.writeError(request, response, callback, e);
            }
        });
    }
}
