package io.holdfast.connection;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** The answer to a parameter that can't be used, of a request or a handshake. */
public final class ParameterProblem {

    private static final int MAX_SHOWN = 100;

    private ParameterProblem() {}

    /**
     * 400 that names all three.
     *
     * @param parameter as it was sent, if nobody knows it
     * @param value as it was sent
     * @param valid what would be, with an example; no sentence
     */
    public static ProblemDetail of(String parameter, String value, String valid) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, "Parameter '" + shown(parameter) + "' can't be used. Valid: " + valid + ".");
        problem.setProperty("parameter", shown(parameter));
        problem.setProperty("value", shown(value));
        problem.setProperty("valid", valid);
        return problem;
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }
}
