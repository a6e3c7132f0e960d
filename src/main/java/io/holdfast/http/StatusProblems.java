// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.RequestProblem;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** Problems of which only the status is known, because Jetty or the servlet API refused the request. */
final class StatusProblems {

    private StatusProblems() {}

    /** @param headerBytes that the head of a request may have */
    static ProblemDetail of(int code, int headerBytes) {
        HttpStatusCode status = HttpStatusCode.valueOf(code);
        return switch (HttpStatus.resolve(code)) {
            case BAD_REQUEST ->
                RequestProblem.part(
                        status,
                        "line, head or framing",
                        null,
                        "a request of HTTP/1.1, as GET /stream HTTP/1.1 with Host: example.org; a path that is"
                                + " percent-encoded UTF-8, as /channels/news; a body of the length that is announced, as"
                                + " Content-Length: 5, or chunks");
            case MISDIRECTED_REQUEST ->
                RequestProblem.header(
                        status,
                        "Host",
                        null,
                        "a host that the certificate of this service is for, as in https://<host>/stream");
            case URI_TOO_LONG ->
                RequestProblem.part(
                        status, "URI", null, "at most " + headerBytes + " bytes with all headers, as /stream");
            case REQUEST_HEADER_FIELDS_TOO_LARGE ->
                RequestProblem.part(
                        status,
                        "head",
                        null,
                        "at most " + headerBytes + " bytes, as GET /stream with Host: example.org");
            case EXPECTATION_FAILED ->
                RequestProblem.header(status, "Expect", null, "100-continue, as Expect: 100-continue");
            case HTTP_VERSION_NOT_SUPPORTED ->
                RequestProblem.part(status, "HTTP version", null, "HTTP/1.0 and HTTP/1.1, as GET /stream HTTP/1.1");
            case REQUESTED_RANGE_NOT_SATISFIABLE ->
                RequestProblem.header(status, "Range", null, "a range within the file, as bytes=0-99");
            case NOT_ACCEPTABLE ->
                RequestProblem.header(status, "Accept", null, "the media type of the answer, or any, as Accept: */*");
            case NOT_FOUND -> ProblemAnswers.noResource("");
            case null, default -> ProblemDetail.forStatus(status);
        };
    }
}
