// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** A parameter of a request, a handshake or a listener's settings that cannot be used. */
public final class BadParameterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String parameter;
    private final String value;
    private final String valid;

    /**
     * @param parameter its name, as the peer sent it
     * @param value as the peer sent it
     * @param valid the values that are accepted, with an example; not a whole sentence
     */
    public BadParameterException(String parameter, String value, String valid) {
        super(parameter + " cannot be used; valid: " + valid);
        this.parameter = parameter;
        this.value = value;
        this.valid = valid;
    }

    public String parameter() {
        return parameter;
    }

    /** As the peer sent it: not to be put anywhere unescaped. */
    public String value() {
        return value;
    }

    public String valid() {
        return valid;
    }

    /** The answer over HTTP: 400, with the parameter, its value and what is valid. */
    public ProblemDetail problem() {
        return RequestProblem.parameter(HttpStatus.BAD_REQUEST, parameter, value, valid);
    }
}
