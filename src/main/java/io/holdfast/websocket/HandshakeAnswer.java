package io.holdfast.websocket;

import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/**
 * The answer that accepts an opening handshake (RFC 6455, section 4.2.2).
 *
 * @param key the client's {@code Sec-WebSocket-Key}
 * @param protocol the first offered subprotocol that the handler supports; null for none
 * @param compression the accepted offer; null for none
 */
record HandshakeAnswer(
        String key, @Nullable String protocol, @Nullable WebSocketExtension compression) {

    private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Answers a handshake that {@link HandshakeRules} accepts. */
    static HandshakeAnswer to(WebSocketHttpHeaders headers, WebSocketHandler handler) {
        return new HandshakeAnswer(
                String.valueOf(headers.getSecWebSocketKey()),
                selectProtocol(headers.getSecWebSocketProtocol(), handler),
                PerMessageDeflate.negotiate(headers.getSecWebSocketExtensions()));
    }

    void write(HttpServletResponse response) {
        // The headers that every HTTP response gets are for documents. Here they would only be bytes.
        response.reset();
        response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
        response.setHeader("Upgrade", "websocket");
        response.setHeader("Connection", "Upgrade");
        response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_ACCEPT, acceptKey());
        if (protocol != null) {
            response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        if (compression != null) {
            response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS, compression.toString());
        }
    }

    private static @Nullable String selectProtocol(List<String> offered, WebSocketHandler handler) {
        List<String> supported = WebSocketHandlerDecorator.unwrap(handler) instanceof SubProtocolCapable capable
                ? capable.getSubProtocols()
                : List.of();
        return offered.stream().filter(supported::contains).findFirst().orElse(null);
    }

    private String acceptKey() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
