package io.holdfast.websocket;

import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.Traffic;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.compression.DeflaterPool;
import org.eclipse.jetty.util.compression.InflaterPool;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.util.WebUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * The server's side of the opening handshake (RFC 6455, section 4.2): checks the request, answers it, and has Jetty put
 * a {@link WebSocketConnection} in the place of the HTTP one. What it refuses is told as problem JSON.
 */
final class Handshake implements HandshakeHandler {

    private static final String VERSION = "13";
    private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;

    private final WebSocketProperties properties;
    private final int maxMessage;
    private final Traffic.Counts traffic;
    private final JsonMapper json;

    Handshake(WebSocketProperties properties, LimitProperties limits, Traffic.Counts traffic, JsonMapper json) {
        this.properties = properties;
        this.maxMessage = Math.toIntExact(limits.echoSize().toBytes());
        this.traffic = traffic;
        this.json = json;
    }

    @Override
    public boolean doHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            Map<String, Object> attributes) {
        WebSocketHttpHeaders headers = new WebSocketHttpHeaders(request.getHeaders());
        HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
        HttpServletResponse servletResponse = ((ServletServerHttpResponse) response).getServletResponse();
        Refusal refusal = check(request, headers);
        if (refusal != null) {
            refuse(refusal, servletRequest, servletResponse);
            return false;
        }
        accept(headers, handler, servletRequest, servletResponse);
        return true;
    }

    private record Refusal(HttpStatus status, String detail) {}

    private @Nullable Refusal check(ServerHttpRequest request, WebSocketHttpHeaders headers) {
        if (headers.getConnection().stream().noneMatch("upgrade"::equalsIgnoreCase)) {
            return new Refusal(HttpStatus.BAD_REQUEST, "The header Connection must name Upgrade.");
        }
        if (!VERSION.equals(headers.getSecWebSocketVersion())) {
            return new Refusal(HttpStatus.UPGRADE_REQUIRED, "The header Sec-WebSocket-Version must be 13.");
        }
        if (!isKey(headers.getSecWebSocketKey())) {
            return new Refusal(
                    HttpStatus.BAD_REQUEST,
                    "The header Sec-WebSocket-Key must be 16 bytes in base64, as dGhlIHNhbXBsZSBub25jZQ==.");
        }
        if (!canRead(headers)) {
            return new Refusal(HttpStatus.BAD_REQUEST, "The header Sec-WebSocket-Extensions can't be read.");
        }
        if (!WebUtils.isSameOrigin(request) && !WebUtils.isValidOrigin(request, properties.allowedOrigins())) {
            return new Refusal(
                    HttpStatus.FORBIDDEN,
                    "Pages of this origin may not connect; holdfast.websocket.allowed-origins lists those that may.");
        }
        return null;
    }

    private static boolean canRead(WebSocketHttpHeaders headers) {
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

    private void refuse(Refusal refusal, HttpServletRequest request, HttpServletResponse response) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(refusal.status(), refusal.detail());
        problem.setTitle(refusal.status().getReasonPhrase());
        problem.setInstance(URI.create(request.getRequestURI()));
        response.setStatus(refusal.status().value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        if (refusal.status() == HttpStatus.UPGRADE_REQUIRED) {
            response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION, VERSION);
        }
        try {
            response.getOutputStream().write(json.writeValueAsBytes(problem));
        } catch (IOException e) {
            // Who asked is gone: there is nobody left to tell.
        }
    }

    private void accept(
            WebSocketHttpHeaders headers,
            WebSocketHandler handler,
            HttpServletRequest request,
            HttpServletResponse response) {
        String protocol = selectProtocol(headers.getSecWebSocketProtocol(), handler);
        WebSocketExtension compression = PerMessageDeflate.negotiate(headers.getSecWebSocketExtensions());

        response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
        response.setHeader("Upgrade", "websocket");
        response.setHeader("Connection", "Upgrade");
        response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_ACCEPT, acceptKey(headers.getSecWebSocketKey()));
        if (protocol != null) {
            response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        if (compression != null) {
            response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS, compression.toString());
        }

        ConnectionMetaData http =
                ServletContextRequest.getServletContextRequest(request).getConnectionMetaData();
        Server server = http.getConnector().getServer();
        request.setAttribute(
                HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
                new WebSocketConnection(
                        http.getConnection().getEndPoint(),
                        http.getConnector(),
                        handler,
                        traffic,
                        maxMessage,
                        compression == null
                                ? null
                                : new PerMessageDeflate(
                                        InflaterPool.ensurePool(server), DeflaterPool.ensurePool(server), maxMessage),
                        protocol));
    }

    private static @Nullable String selectProtocol(List<String> offered, WebSocketHandler handler) {
        List<String> supported = WebSocketHandlerDecorator.unwrap(handler) instanceof SubProtocolCapable capable
                ? capable.getSubProtocols()
                : List.of();
        return offered.stream().filter(supported::contains).findFirst().orElse(null);
    }

    private static String acceptKey(@Nullable String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
