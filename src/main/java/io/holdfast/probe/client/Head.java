// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** The head of the response that opened a connection. */
public record Head(int status, HttpHeaders headers) {

    static Head of(HttpResponse response) {
        return new Head(response.status().code(), response.headers());
    }

    /** The first value of a header; null if there is none. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
