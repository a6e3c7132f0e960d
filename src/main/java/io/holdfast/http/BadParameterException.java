package io.holdfast.http;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A request parameter that can't be used: 400 with problem JSON that names it, its value and what is valid. */
final class BadParameterException extends ErrorResponseException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_VALUE_SHOWN = 100;

    BadParameterException(String parameter, String value, String valid) {
        super(HttpStatus.BAD_REQUEST, problem(parameter, value, valid), null);
    }

    private static ProblemDetail problem(String parameter, String value, String valid) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, "Parameter '" + shown(parameter) + "' can't be used. Valid: " + valid + ".");
        problem.setProperty("parameter", shown(parameter));
        problem.setProperty("value", shown(value));
        problem.setProperty("valid", valid);
        return problem;
    }

    private static String shown(String value) {
        return value.length() <= MAX_VALUE_SHOWN ? value : value.substring(0, MAX_VALUE_SHOWN) + "…";
    }
}
