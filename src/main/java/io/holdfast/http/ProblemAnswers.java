package io.holdfast.http;

import io.holdfast.channel.BadValueException;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.Admission;
import io.holdfast.connection.BadParameterException;
import io.holdfast.fault.FaultParameters;
import io.holdfast.fault.Refusal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
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
import tools.jackson.databind.json.JsonMapper;

/** Which problem an exception stands for (RFC 9457), for controllers and message endpoints alike. */
@Component
final class ProblemAnswers {

    private static final Logger log = LoggerFactory.getLogger(ProblemAnswers.class);

    private static final HttpField PROBLEM_JSON =
            new HttpField(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);

    private final JsonMapper json;

    ProblemAnswers(JsonMapper json) {
        this.json = json;
    }

    /** The answer to {@code cause}. */
    static ErrorResponse of(Exception cause) {
        return switch (cause) {
            case BadParameterException bad -> response(bad.problem());
            case BadValueException bad -> response(problem(bad));
            case UnavailableException unavailable -> response(unavailable);
            case CompletionException failure -> response(UnavailableException.of(failure));
            case ErrorResponse known -> known;
            default -> {
                log.error("A request failed", cause);
                yield response(ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR));
            }
        };
    }

    private static ErrorResponseException response(ProblemDetail problem) {
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

    /** The answer to a connection that was not admitted. */
    static ErrorResponseException of(Admission.Refused refused) {
        ErrorResponseException response = response(refused.problem());
        response.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(Admission.Refused.RETRY_AFTER));
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
        ErrorResponse error = of(cause);
        ProblemDetail problem = error.getBody();
        problem.setInstance(URI.create(exchange.request().getHttpURI().getPath()));
        for (Map.Entry<String, List<String>> header : error.getHeaders().headerSet()) {
            exchange.response().getHeaders().put(header.getKey(), header.getValue());
        }
        exchange.answer(error.getStatusCode().value(), ByteBuffer.wrap(json.writeValueAsBytes(problem)), PROBLEM_JSON);
    }
}
