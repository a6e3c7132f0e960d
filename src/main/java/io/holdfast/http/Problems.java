package io.holdfast.http;

import io.holdfast.channel.BadValueException;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.Admission;
import io.holdfast.connection.BadParameterException;
import io.holdfast.fault.FaultParameters;
import io.holdfast.fault.Refusal;
import java.util.concurrent.CompletionException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers with problem JSON what cannot be done. */
@RestControllerAdvice
class Problems {

    @ExceptionHandler
    ProblemDetail badValue(BadValueException bad) {
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

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unavailable(CompletionException failure) {
        UnavailableException cause = UnavailableException.of(failure);
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, cause.sentence());
        problem.setProperty("code", cause.code());
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, String.valueOf(Admission.Refused.RETRY_AFTER))
                .body(problem);
    }

    @ExceptionHandler
    ProblemDetail badParameter(BadParameterException bad) {
        return bad.problem();
    }

    /** @throws ErrorResponseException if the client asked for an error */
    static void throwIfAsked(FaultParameters faults) {
        Refusal refusal = faults.refusal();
        if (refusal != null) {
            ErrorResponseException answer =
                    new ErrorResponseException(HttpStatusCode.valueOf(refusal.status()), refusal.problem(), null);
            if (refusal.retryAfter() != null) {
                answer.getHeaders().set(HttpHeaders.RETRY_AFTER, refusal.retryAfter());
            }
            throw answer;
        }
    }
}
