// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.RequestProblem;
import io.holdfast.jetty.ConnectionUpgrade;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** What every request has to keep to, whatever it is for. Jetty checks the rest of the framing. */
final class RequestRules {

    /** Those that some endpoint implements, or refuses with its own 405. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    private RequestRules() {}

    /** The answer to a request that breaks a rule; null if it breaks none. */
    static @Nullable ProblemDetail check(Request request) {
        String method = request.getMethod();
        if (!METHODS.contains(method) && !isTunnel(request)) {
            return RequestProblem.part(
                    HttpStatus.NOT_IMPLEMENTED, "method", method, "GET, HEAD, POST or OPTIONS in upper case, as GET");
        }
        boolean chunked = request.getLength() < 0 && request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        if (chunked) {
            ProblemDetail problem = checkCodings(request);
            if (problem != null) {
                return problem;
            }
        }
        if ((chunked || request.getLength() > 0) && (method.equals("GET") || method.equals("HEAD"))) {
            return body(request, method);
        }
        return null;
    }

    /** Whether it is the extended CONNECT of RFC 8441, which is what a GET with an upgrade is over HTTP/1.1. */
    static boolean isTunnel(Request request) {
        return ConnectionUpgrade.tunnelled(request) != null;
    }

    /** RFC 9112, section 6.1. */
    private static @Nullable ProblemDetail checkCodings(Request request) {
        List<String> codings = request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0) {
            return RequestProblem.header(
                    HttpStatus.BAD_REQUEST,
                    "Transfer-Encoding",
                    String.join(", ", codings),
                    "a length in HTTP/1.0, as Content-Length: 5");
        }
        if (codings.size() != 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
            return RequestProblem.header(
                    HttpStatus.NOT_IMPLEMENTED,
                    "Transfer-Encoding",
                    String.join(", ", codings),
                    "chunked alone, as Transfer-Encoding: chunked");
        }
        return null;
    }

    /**
     * RFC 9110, section 9.3.1. What arrives after the head of a stream or of a handshake is not for HTTP any more, so a
     * body cannot follow. The rule is the same for all.
     */
    private static ProblemDetail body(Request request, String method) {
        String length = request.getHeaders().get(HttpHeader.CONTENT_LENGTH);
        return RequestProblem.header(
                HttpStatus.BAD_REQUEST,
                length == null ? "Transfer-Encoding" : "Content-Length",
                length == null ? "chunked" : length,
                "no body with " + method + ", as " + method + " " + "/stream without this header");
    }
}
