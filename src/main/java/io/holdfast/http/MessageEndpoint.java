// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Action;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.HttpMediaTypeException;

/**
 * Handles requests that occur once a message, on the event loop: it must not block. Every bean of this type is
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
     * What a sender has to be allowed to do with the channel that stands for the braces. With {@link Action#AUTHENTICATE}
     * its token has to be valid, if it has one. Null if nothing is needed; then a token is not looked at, unless there is a
     * query.
     */
    default @Nullable Action action(String method) {
        return null;
    }

    /**
     * Answers a request, now or later. An exception is answered as problem JSON.
     *
     * @param variable the part of the path that stands for the braces; empty if there are none
     */
    void handle(Exchange exchange, String variable) throws IOException, HttpMediaTypeException;
}
