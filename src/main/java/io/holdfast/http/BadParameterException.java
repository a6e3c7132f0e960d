package io.holdfast.http;

import io.holdfast.connection.ParameterProblem;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/** A request parameter that can't be used: 400 with problem JSON that names it, its value and what is valid. */
final class BadParameterException extends ErrorResponseException {

    private static final long serialVersionUID = 1L;

    BadParameterException(String parameter, String value, String valid) {
        super(HttpStatus.BAD_REQUEST, ParameterProblem.of(parameter, value, valid), null);
    }
}
