// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Denial;
import io.holdfast.access.DeniedException;
import io.holdfast.channel.BadValueException;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.Admission;
import io.holdfast.connection.BadParameterException;
import io.holdfast.connection.RateExceeded;
import io.holdfast.connection.RequestProblem;
import io.holdfast.fault.FaultParameters;
import io.holdfast.fault.Refusal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.databind.json.JsonMapper;

/** Which problem an exception stands for (RFC 9457), for controllers and message endpoints alike. */
@Component
final class ProblemAnswers {

    private static final Logger log = LoggerFactory.getLogger(ProblemAnswers.class);

    static final HttpField PROBLEM_JSON =
            new HttpField(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);

    private final JsonMapper json;

    ProblemAnswers(JsonMapper json) {
        this.json = json;
    }

    /**
     * The answer to {@code cause}.
     *
     * @param header looks up a header of the request
     */
    static ErrorResponse of(Exception cause, Function<String, @Nullable String> header) {
        return switch (cause) {
            case BadParameterException bad -> response(bad.problem());
            case BadValueException bad -> response(problem(bad));
            case UnavailableException unavailable -> response(unavailable);
            case DeniedException denied -> of(denied.denial());
            case CompletionException failure -> response(UnavailableException.of(failure));
            case HttpRequestMethodNotSupportedException bad -> response(bad, method(bad));
            case HttpMediaTypeNotAcceptableException bad ->
                response(bad, mediaType(bad, HttpHeaders.ACCEPT, header, bad.getSupportedMediaTypes()));
            case HttpMediaTypeNotSupportedException bad ->
                response(bad, mediaType(bad, HttpHeaders.CONTENT_TYPE, header, bad.getSupportedMediaTypes()));
            case NoResourceFoundException bad -> response(noResource("/" + bad.getResourcePath()));
            case ErrorResponse known -> known;
            default -> {
                log.error("A request failed", cause);
                yield response(ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR));
            }
        };
    }

    private static ProblemDetail method(HttpRequestMethodNotSupportedException bad) {
        String[] supported = bad.getSupportedMethods();
        List<String> valid = supported == null || supported.length == 0 ? List.of("GET") : List.of(supported);
        return RequestProblem.part(
                bad.getStatusCode(), "method", bad.getMethod(), String.join(", ", valid) + ", as " + valid.getFirst());
    }

    private static ProblemDetail mediaType(
            ErrorResponse bad, String name, Function<String, @Nullable String> header, List<MediaType> supported) {
        String valid = supported.isEmpty()
                ? "media types that can be read, as text/event-stream"
                : MediaType.toString(supported) + ", as " + example(supported.getFirst());
        return RequestProblem.header(bad.getStatusCode(), name, header.apply(name), valid);
    }

    private static String example(MediaType supported) {
        return supported.isWildcardSubtype() ? "text/plain" : supported.toString();
    }

    /** The problem of a request for something that does not exist. */
    static ProblemDetail noResource(String path) {
        return RequestProblem.part(
                HttpStatus.NOT_FOUND, "path", path, "the path of an endpoint or of a file of the page, as /stream");
    }

    private static ErrorResponseException response(ErrorResponse cause, ProblemDetail problem) {
        ErrorResponseException response = response(problem);
        response.getHeaders().putAll(cause.getHeaders());
        return response;
    }

    static ErrorResponseException response(ProblemDetail problem) {
        return new ErrorResponseException(HttpStatusCode.valueOf(problem.getStatus()), problem, null);
    }

    private static ProblemDetail problem(BadValueException bad) {
        HttpStatus status = bad.code().equals("too-big") ? HttpStatus.CONTENT_TOO_LARGE : HttpStatus.BAD_REQUEST;
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, bad.sentence());
        problem.setProperty("code", bad.code());
        problem.setProperty("parameter", bad.field());
        if (bad.value() != null) {
            problem.setProperty("value", bad.value());
        }
        problem.setProperty("valid", bad.valid());
        return problem;
    }

    private static ErrorResponseException response(UnavailableException cause) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, cause.sentence());
        problem.setProperty("code", cause.code());
        ErrorResponseException response = response(problem);
        response.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(Admission.Refused.RETRY_AFTER));
        return response;
    }

    /** The answer to a request that is not allowed. */
    static ErrorResponseException of(Denial denial) {
        ErrorResponseException response = response(denial.problem());
        if (denial.challenge() != null) {
            response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, denial.challenge());
        }
        if (denial.reason() == Denial.Reason.UNAVAILABLE) {
            response.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(Admission.Refused.RETRY_AFTER));
        }
        return response;
    }

    /** The answer to a client that does something too often. */
    static ErrorResponseException of(RateExceeded exceeded) {
        ErrorResponseException response = response(exceeded.problem());
        response.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(exceeded.retryAfter()));
        return response;
    }

    /** The answer to a connection that was not admitted. */
    static ErrorResponseException of(Admission.Refused refused) {
        ErrorResponseException response = response(refused.problem());
        response.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(refused.retryAfter()));
        return response;
    }

    /** @throws ErrorResponseException if the client asked for an error */
    static void throwIfAsked(FaultParameters faults) {
        Refusal refusal = faults.refusal();
        if (refusal != null) {
            ErrorResponseException answer = response(refusal.problem());
            if (refusal.retryAfter() != null) {
                answer.getHeaders().set(HttpHeaders.RETRY_AFTER, refusal.retryAfter());
            }
            throw answer;
        }
    }

    /** Answers with the problem that {@code cause} stands for. */
    void write(Exchange exchange, Exception cause) {
        ErrorResponse error = of(cause, exchange::header);
        ProblemDetail problem = error.getBody();
        problem.setInstance(instance(exchange.request().getHttpURI().getPath()));
        for (Map.Entry<String, List<String>> header : error.getHeaders().headerSet()) {
            exchange.response().getHeaders().put(header.getKey(), header.getValue());
        }
        exchange.answer(error.getStatusCode().value(), bytes(problem), PROBLEM_JSON);
    }

    /** Null for a path that Jetty accepts although it is no URI. */
    static @Nullable URI instance(String path) {
        try {
            return new URI(path);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    ByteBuffer bytes(ProblemDetail problem) {
        return ByteBuffer.wrap(json.writeValueAsBytes(problem));
    }
}
