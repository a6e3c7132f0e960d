package io.holdfast.websocket;

import io.holdfast.fault.BadFaultException;
import io.holdfast.fault.Refusal;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** The answer to a handshake that asked for a fault that can't be had, or for an error. */
final class FaultProblem {

    private static final int MAX_VALUE_SHOWN = 100;

    private FaultProblem() {}

    static ProblemDetail of(BadFaultException bad) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST,
                "Parameter '" + bad.parameter() + "' can't be used. Valid: " + bad.valid() + ".");
        String value = bad.value();
        problem.setProperty("parameter", bad.parameter());
        problem.setProperty(
                "value", value.length() <= MAX_VALUE_SHOWN ? value : value.substring(0, MAX_VALUE_SHOWN) + "…");
        problem.setProperty("valid", bad.valid());
        return problem;
    }

    static ProblemDetail of(Refusal refusal) {
        return ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(refusal.status()), Refusal.DETAIL);
    }
}
