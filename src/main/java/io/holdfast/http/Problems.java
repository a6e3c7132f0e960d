// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.DeniedException;
import io.holdfast.channel.BadValueException;
import io.holdfast.connection.BadParameterException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Has everything behind Spring MVC answer exceptions as problem JSON, whatever the client accepts: controllers, the
 * actuator, and the page. What a client did wrong is not logged. What nobody handles here, Jetty logs and answers with 500.
 */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler implements WebMvcConfigurer {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    /** Without a predicate, the page's handler is left out, and Spring's last resolver warns of its requests. */
    @Override
    public void extendHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
        for (HandlerExceptionResolver resolver : resolvers) {
            if (resolver instanceof ExceptionHandlerExceptionResolver advised) {
                advised.setMappedHandlerPredicate(handler -> true);
            }
        }
    }

    @ExceptionHandler({
        BadParameterException.class,
        BadValueException.class,
        CompletionException.class,
        DeniedException.class
    })
    ResponseEntity<Object> problem(RuntimeException cause, WebRequest request) {
        ErrorResponse error = ProblemAnswers.of(cause, request::getHeader);
        return createResponseEntity(error.getBody(), error.getHeaders(), error.getStatusCode(), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception cause, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (cause instanceof ErrorResponse) {
            Object problem = ProblemAnswers.of(cause, request::getHeader).getBody();
            return super.handleExceptionInternal(cause, problem, headers, status, request);
        }
        if (status.is5xxServerError()) {
            log.error("A request failed", cause);
        }
        return super.handleExceptionInternal(cause, body, headers, status, request);
    }

    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(body);
    }
}
