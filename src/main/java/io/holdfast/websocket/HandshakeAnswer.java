// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/**
 * The answer that accepts an opening handshake (RFC 6455, section 4.2.2; RFC 8441, section 5).
 *
 * @param key the client's {@code Sec-WebSocket-Key}; null over HTTP/2
 * @param protocol the first offered subprotocol that the handler supports; null for none
 * @param compression the extension that answers the accepted offer; null for none
 */
record HandshakeAnswer(
        @Nullable String key,
        @Nullable String protocol,
        @Nullable String compression) {

    private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    static HandshakeAnswer to(HandshakeRequest request, WebSocketHandler handler) {
        return new HandshakeAnswer(
                request.key(),
                selectProtocol(request.protocols(), handler),
                PerMessageDeflate.negotiate(request.extensions()));
    }

    void write(HttpServletResponse response) {
        // The headers that every HTTP response gets are for documents. Here they would only be bytes.
        response.reset();
        if (key == null) {
            response.setStatus(HttpServletResponse.SC_OK);
        } else {
            response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
            response.setHeader(HttpHeaders.UPGRADE, HandshakeRules.PROTOCOL);
            response.setHeader(HttpHeaders.CONNECTION, HandshakeRules.UPGRADE);
            response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_ACCEPT, accept(key));
        }
        if (protocol != null) {
            response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        if (compression != null) {
            response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS, compression);
        }
    }

    /**
     * A handler that names no subprotocols, as the echo, speaks any: many clients fail if the server selects none of those
     * that they offered.
     */
    private static @Nullable String selectProtocol(List<String> offered, WebSocketHandler handler) {
        List<String> supported = WebSocketHandlerDecorator.unwrap(handler) instanceof SubProtocolCapable capable
                ? capable.getSubProtocols()
                : offered;
        return offered.stream().filter(supported::contains).findFirst().orElse(null);
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
