package io.holdfast.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpRequestMethodNotSupportedException;

/**
 * The place that every HTTP request passes. Requests that occur once a message go to a {@link MessageEndpoint}, on the
 * selector's own thread. All others go to the servlet context, on a virtual thread, where they may block.
 */
final class FrontHandler extends Handler.Wrapper {

    /** A browser takes everything from here, and takes nothing that is echoed for a page. */
    private static final List<HttpField> SECURITY = List.of(
            new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
            new PreEncodedHttpField("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"),
            new PreEncodedHttpField("Referrer-Policy", "no-referrer"));

    /** Where the servlet context forwards failed requests to. It is no page. */
    private static final String ERROR_PATH = "/error";

    private final String contextPath;
    private final List<EndpointRoute> routes;
    private final CrossOrigin crossOrigin;
    private final ProblemAnswers problems;
    private final Uploads uploads;
    private final Executor blocking;

    /** @param blocking runs what may block */
    FrontHandler(
            Handler servlets,
            String contextPath,
            List<MessageEndpoint> endpoints,
            CrossOrigin crossOrigin,
            ProblemAnswers problems,
            Uploads uploads,
            MeterRegistry meters,
            Executor blocking) {
        super(servlets);
        this.contextPath = contextPath;
        this.routes = endpoints.stream()
                .map(endpoint -> new EndpointRoute(endpoint, meters))
                .toList();
        this.crossOrigin = crossOrigin;
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
        SECURITY.forEach(answer::put);
        String path = path(request);
        EndpointRoute route = route(path);
        Exchange exchange = new Exchange(request, response, callback, problems, uploads, route);
        String method = request.getMethod();
        if (method.equals("TRACE")) {
            refuse(
                    exchange,
                    method,
                    route == null ? "GET, HEAD" : route.endpoint().allowed());
            return true;
        }
        if (path.equals(ERROR_PATH)) {
            exchange.fail(new ErrorResponseException(HttpStatus.NOT_FOUND));
            return true;
        }
        switch (crossOrigin.check(request, path, answer)) {
            case REFUSED -> exchange.answer(HttpStatus.FORBIDDEN.value(), "text/plain", "Invalid CORS request");
            case PREFLIGHT -> exchange.answer(HttpStatus.OK.value());
            case PASS -> {
                if (route == null || isUpgrade(request) || route.endpoint().leaves(method)) {
                    pass(request, response, callback);
                } else if (route.endpoint().handles(method)) {
                    exchange.run(route, route.variable(path));
                } else {
                    refuse(exchange, method, route.endpoint().allowed());
                }
            }
        }
        return true;
    }

    private String path(Request request) {
        String path = request.getHttpURI().getCanonicalPath();
        if (path == null) {
            return "";
        }
        return path.startsWith(contextPath) ? path.substring(contextPath.length()) : "";
    }

    private @Nullable EndpointRoute route(String path) {
        for (EndpointRoute route : routes) {
            if (route.matches(path)) {
                return route;
            }
        }
        return null;
    }

    private static boolean isUpgrade(Request request) {
        return request.getMethod().equals("GET") && request.getHeaders().contains(HttpHeaders.UPGRADE);
    }

    private static void refuse(Exchange exchange, String method, String allowed) {
        exchange.fail(new HttpRequestMethodNotSupportedException(method, List.of(allowed.split(", "))));
    }

    private void pass(Request request, Response response, Callback callback) {
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
