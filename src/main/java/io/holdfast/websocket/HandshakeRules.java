package io.holdfast.websocket;

import io.holdfast.connection.OriginProperties;
import io.holdfast.connection.RequestProblem;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.util.WebUtils;

/** What a client's opening handshake must have (RFC 6455, section 4.2.1). */
final class HandshakeRules {

    static final String VERSION = "13";

    private static final int KEY_BYTES = 16;

    private final OriginProperties origins;

    HandshakeRules(OriginProperties origins) {
        this.origins = origins;
    }

    /** The answer to a handshake that breaks a rule; null if it breaks none. */
    @Nullable
    ProblemDetail check(ServerHttpRequest request, WebSocketHttpHeaders headers) {
        if (headers.getConnection().stream().noneMatch("upgrade"::equalsIgnoreCase)) {
            return RequestProblem.header(
                    HttpStatus.BAD_REQUEST,
                    "Connection",
                    headers.getFirst("Connection"),
                    "Upgrade, as Connection: Upgrade");
        }
        if (!VERSION.equals(headers.getSecWebSocketVersion())) {
            return RequestProblem.header(
                    HttpStatus.UPGRADE_REQUIRED,
                    WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION,
                    headers.getSecWebSocketVersion(),
                    VERSION + ", as " + WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION + ": " + VERSION);
        }
        if (!isKey(headers.getSecWebSocketKey())) {
            return RequestProblem.header(
                    HttpStatus.BAD_REQUEST,
                    WebSocketHttpHeaders.SEC_WEBSOCKET_KEY,
                    headers.getSecWebSocketKey(),
                    "16 bytes in base64, as dGhlIHNhbXBsZSBub25jZQ==");
        }
        if (!hasReadableExtensions(headers)) {
            return RequestProblem.header(
                    HttpStatus.BAD_REQUEST,
                    WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS,
                    headers.getFirst(WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS),
                    "names with parameters, as permessage-deflate; client_max_window_bits");
        }
        if (!WebUtils.isSameOrigin(request) && !WebUtils.isValidOrigin(request, origins.allowedOrigins())) {
            return RequestProblem.header(
                    HttpStatus.FORBIDDEN,
                    "Origin",
                    headers.getOrigin(),
                    "this service's own origin, or one of holdfast.websocket.allowed-origins, as"
                            + " https://app.example.org");
        }
        return null;
    }

    private static boolean hasReadableExtensions(WebSocketHttpHeaders headers) {
        try {
            return headers.getSecWebSocketExtensions() != null;
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
