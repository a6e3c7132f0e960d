package io.holdfast.fault;

import io.holdfast.connection.ParameterProblem;
import org.springframework.http.ProblemDetail;

/** A parameter or setting of a fault that can't be used. */
public final class BadFaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String parameter;
    private final String value;
    private final String valid;

    /** @param valid what would be, with an example; no sentence */
    BadFaultException(String parameter, String value, String valid) {
        super(parameter + " can't be used; valid: " + valid);
        this.parameter = parameter;
        this.value = value;
        this.valid = valid;
    }

    public String parameter() {
        return parameter;
    }

    /** As it was sent: not to be put anywhere unescaped. */
    public String value() {
        return value;
    }

    public String valid() {
        return valid;
    }

    /** The answer to give over HTTP. */
    public ProblemDetail problem() {
        return ParameterProblem.of(parameter, value, valid);
    }
}
