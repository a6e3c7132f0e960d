// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpRequestHandler;

/** Answers a GET or HEAD for a WebSocket's path that does not ask for one. Other methods do not come here. */
final class NoHandshake implements HttpRequestHandler {

    private final String path;

    NoHandshake(String path) {
        this.path = path;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) {
        throw HandshakeRules.noHandshake(path, request.getHeader(HttpHeaders.UPGRADE));
    }
}
