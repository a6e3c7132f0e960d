package io.holdfast.websocket;

import io.holdfast.connection.OriginProperties;
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
            return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The header Connection must name Upgrade.");
        }
        if (!VERSION.equals(headers.getSecWebSocketVersion())) {
            return ProblemDetail.forStatusAndDetail(
                    HttpStatus.UPGRADE_REQUIRED, "The header Sec-WebSocket-Version must be 13.");
        }
        if (!isKey(headers.getSecWebSocketKey())) {
            return ProblemDetail.forStatusAndDetail(
                    HttpStatus.BAD_REQUEST,
                    "The header Sec-WebSocket-Key must be 16 bytes in base64, as dGhlIHNhbXBsZSBub25jZQ==.");
        }
        if (!hasReadableExtensions(headers)) {
            return ProblemDetail.forStatusAndDetail(
                    HttpStatus.BAD_REQUEST, "The header Sec-WebSocket-Extensions can't be read.");
        }
        if (!WebUtils.isSameOrigin(request) && !WebUtils.isValidOrigin(request, origins.allowedOrigins())) {
            return ProblemDetail.forStatusAndDetail(
                    HttpStatus.FORBIDDEN,
                    "Pages of this origin may not connect; holdfast.websocket.allowed-origins lists those that may.");
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
