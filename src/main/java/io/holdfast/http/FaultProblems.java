package io.holdfast.http;

import io.holdfast.fault.BadFaultException;
import io.holdfast.fault.Refusal;
import io.holdfast.fault.Wishes;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Tells by problem JSON that a fault can't be had, and answers with the error that was asked for. */
@RestControllerAdvice
class FaultProblems {

    @ExceptionHandler
    ProblemDetail badFault(BadFaultException bad) {
        return bad.problem();
    }

    /** @throws ErrorResponseException if {@code wishes} ask for one */
    static void throwIfAsked(Wishes wishes) {
        Refusal refusal = wishes.refusal();
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
