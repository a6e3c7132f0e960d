package io.holdfast.websocket;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.HttpRequestMethodNotSupportedException;

/** Answers requests for a WebSocket's path that do not ask for one. */
final class NoHandshake implements HttpRequestHandler {

    private static final List<String> METHODS = List.of("GET", "HEAD");

    private final String path;

    NoHandshake(String path) {
        this.path = path;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws ServletException {
        if (!METHODS.contains(request.getMethod())) {
            throw new HttpRequestMethodNotSupportedException(request.getMethod(), METHODS);
        }
        throw HandshakeRules.noHandshake(path, request.getHeader(HttpHeaders.UPGRADE));
    }
}
