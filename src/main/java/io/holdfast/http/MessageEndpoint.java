package io.holdfast.http;

import java.io.IOException;
import org.springframework.web.HttpMediaTypeException;

/**
 * Handles requests that occur once a message, on the selector's own thread: it must not block. Every bean of this type is
 * one.
 */
interface MessageEndpoint {

    /** The path, with the last variable part in braces as Spring writes it: {@code /channels/{name}}. */
    String pattern();

    /** The methods that it handles. */
    boolean handles(String method);

    /** Whether a method of the path is another handler's, as is known without a look at all of them. */
    default boolean leaves(String method) {
        return false;
    }

    /**
     * Answers a request, now or later. An exception is answered as problem JSON.
     *
     * @param variable the part of the path that stands for the braces; empty if there are none
     */
    void handle(Exchange exchange, String variable) throws IOException, HttpMediaTypeException;
}
