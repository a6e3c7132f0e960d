package io.holdfast.http;

import io.holdfast.channel.BadValueException;
import io.holdfast.connection.BadParameterException;
import java.util.concurrent.CompletionException;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Has controllers answer the exceptions of this service as problem JSON. */
@RestControllerAdvice
class Problems {

    @ExceptionHandler({BadParameterException.class, BadValueException.class, CompletionException.class})
    ResponseEntity<ProblemDetail> problem(RuntimeException cause) {
        ErrorResponse error = ProblemAnswers.of(cause);
        return ResponseEntity.status(error.getStatusCode())
                .headers(error.getHeaders())
                .body(error.getBody());
    }
}
