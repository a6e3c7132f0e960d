// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.channel.TraceContext;
import io.holdfast.connection.OriginProperties;
import io.holdfast.connection.RequestProblem;
import io.holdfast.jetty.HeaderList;
import io.holdfast.jetty.PageOrigin;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.cors.CorsConfiguration;

/**
 * Lets pages of the allowed origins use channels, and load the browser client: a browser fetches modules of another origin
 * only if that allows it. Pages of origins that are listed may send credentials, as an
 * {@code EventSource} does on demand. If all origins are allowed, by {@code *}, the others may not: a browser refuses both
 * together. Other origins' pages are refused on these paths.
 *
 * <p>Follows the CORS protocol of the Fetch standard. Spring decides what is allowed; that it reads servlet requests is why
 * the headers are written here.
 */
@Component
final class CrossOrigin {

    private static final Duration MAX_AGE = Duration.ofMinutes(30);
    private static final String REQUEST_METHOD = "Access-Control-Request-Method";
    private static final String REQUEST_HEADERS = "Access-Control-Request-Headers";
    private static final HttpField VARY =
            new PreEncodedHttpField(HttpHeader.VARY, "Origin, " + REQUEST_METHOD + ", " + REQUEST_HEADERS);

    /** What a client of channels requests. */
    private static final List<String> CHANNELS = List.of("/channels/", "/tickets", "/connections/", "/whoami");

    private final OriginProperties origins;
    private final ManagementOrigin management;
    private final CorsConfiguration channels;
    private final CorsConfiguration client;

    CrossOrigin(OriginProperties origins, ManagementOrigin management) {
        this.origins = origins;
        this.management = management;
        channels = allow(origins, "GET", "HEAD", "POST");
        channels.setAllowedHeaders(List.of(
                "Authorization",
                "Content-Type",
                "Idempotency-Key",
                "Last-Event-ID",
                TraceContext.TRACEPARENT,
                TraceContext.TRACESTATE));
        channels.setExposedHeaders(List.of("Retry-After", "Location", "WWW-Authenticate"));
        client = allow(origins, "GET", "HEAD");
    }

    private static CorsConfiguration allow(OriginProperties origins, String... methods) {
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(origins.allowedOrigins());
        allowed.setAllowedMethods(List.of(methods));
        return allowed;
    }

    /** What the document of the page needs. */
    void putOfPage(Request request, HttpFields.Mutable answer) {
        SecurityHeaders.putOfPage(answer);
        management.tell(request, answer);
    }

    /** What becomes of a request. */
    enum Outcome {
        /** It is handled as any other. */
        PASS,
        /** A preflight request. The headers of its answer are set. */
        PREFLIGHT,
        /** Its page is not allowed to send it. */
        REFUSED
    }

    /** Checks a request, and writes the headers that tell its page what it may read. */
    Outcome check(Request request, String path, HttpFields.Mutable answer) {
        CorsConfiguration rules = rules(path);
        if (rules == null) {
            return Outcome.PASS;
        }
        answer.add(VARY);
        HttpFields headers = request.getHeaders();
        String origin = PageOrigin.of(request);
        if (origin == null || PageOrigin.isOwn(origin, request.getHttpURI())) {
            return Outcome.PASS;
        }
        String asked = request.getMethod().equals("OPTIONS") ? headers.get(REQUEST_METHOD) : null;
        String allowedOrigin = PageOrigin.isValid(origin) ? rules.checkOrigin(origin) : null;
        List<HttpMethod> allowedMethods =
                rules.checkHttpMethod(HttpMethod.valueOf(asked == null ? request.getMethod() : asked));
        List<String> wantedHeaders = asked == null ? List.of() : HeaderList.of(headers, REQUEST_HEADERS);
        List<String> allowedHeaders = rules.checkHeaders(wantedHeaders);
        boolean headersAllowed = wantedHeaders.isEmpty() || allowedHeaders != null;
        if (allowedOrigin == null || allowedMethods == null || !headersAllowed) {
            return Outcome.REFUSED;
        }
        if (origins.lists(origin)) {
            answer.put("Access-Control-Allow-Origin", origin);
            answer.put("Access-Control-Allow-Credentials", "true");
        } else {
            answer.put("Access-Control-Allow-Origin", allowedOrigin);
        }
        if (rules.getExposedHeaders() != null) {
            answer.put("Access-Control-Expose-Headers", String.join(", ", rules.getExposedHeaders()));
        }
        if (asked == null) {
            return Outcome.PASS;
        }
        answer.put("Access-Control-Allow-Methods", String.join(",", rules.getAllowedMethods()));
        if (allowedHeaders != null && !allowedHeaders.isEmpty()) {
            answer.put("Access-Control-Allow-Headers", String.join(", ", allowedHeaders));
        }
        answer.put("Access-Control-Max-Age", String.valueOf(MAX_AGE.toSeconds()));
        return Outcome.PREFLIGHT;
    }

    /** The answer to a request that {@link #check} refused. */
    ErrorResponseException refusal(Request request) {
        String valid = "an origin of holdfast.websocket.allowed-origins, as https://app.example.org; methods "
                + String.join(", ", channels.getAllowedMethods()) + "; headers "
                + String.join(", ", channels.getAllowedHeaders());
        return ProblemAnswers.response(
                RequestProblem.header(HttpStatus.FORBIDDEN, "Origin", PageOrigin.of(request), valid));
    }

    private @Nullable CorsConfiguration rules(String path) {
        if (CHANNELS.stream().anyMatch(path::startsWith)) {
            return channels;
        }
        return path.startsWith("/client/") ? client : null;
    }
}
