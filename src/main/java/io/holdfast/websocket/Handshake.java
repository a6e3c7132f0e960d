package io.holdfast.websocket;

import io.holdfast.connection.Admission;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Label;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.OriginProperties;
import io.holdfast.connection.OutboxProperties;
import io.holdfast.connection.ParameterProblem;
import io.holdfast.connection.Takeover;
import io.holdfast.connection.Transport;
import io.holdfast.fault.BadFaultException;
import io.holdfast.fault.Wishes;
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
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.compression.DeflaterPool;
import org.eclipse.jetty.util.compression.InflaterPool;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
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

    private final OriginProperties origins;
    private final int maxMessage;
    private final Connections connections;
    private final LifeSigns lifeSigns;
    private final OutboxProperties outbox;
    private final JsonMapper json;

    Handshake(
            OriginProperties origins,
            LimitProperties limits,
            Connections connections,
            LifeSigns lifeSigns,
            OutboxProperties outbox,
            JsonMapper json) {
        this.origins = origins;
        this.maxMessage = Math.toIntExact(limits.echoSize().toBytes());
        this.connections = connections;
        this.lifeSigns = lifeSigns;
        this.outbox = outbox;
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
        ProblemDetail problem = check(request, headers, servletRequest.getParameter("label"));
        if (problem != null) {
            refuse(problem, servletRequest, servletResponse);
            return false;
        }
        Wish wish;
        try {
            wish = Wish.of(new Wishes(servletRequest::getParameter), lifeSigns);
        } catch (BadFaultException bad) {
            refuse(bad.problem(), servletRequest, servletResponse);
            return false;
        }
        if (wish.refusal() != null) {
            if (wish.refusal().retryAfter() != null) {
                servletResponse.setHeader(
                        HttpHeaders.RETRY_AFTER, wish.refusal().retryAfter());
            }
            refuse(wish.refusal().problem(), servletRequest, servletResponse);
            return false;
        }
        return switch (admit(servletRequest)) {
            case Admission.Refused refused -> {
                servletResponse.setIntHeader(HttpHeaders.RETRY_AFTER, Admission.Refused.RETRY_AFTER);
                refuse(refused.problem(), servletRequest, servletResponse);
                yield false;
            }
            case Admission.Admitted admitted -> {
                accept(headers, handler, admitted.connection(), wish, servletRequest, servletResponse);
                yield true;
            }
        };
    }

    private Admission admit(HttpServletRequest request) {
        return connections.admit(
                Transport.WEBSOCKET,
                request.getServletPath().substring(1),
                Takeover.remote(request),
                request.getParameter("label"));
    }

    private @Nullable ProblemDetail check(
            ServerHttpRequest request, WebSocketHttpHeaders headers, @Nullable String label) {
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
        if (!canRead(headers)) {
            return ProblemDetail.forStatusAndDetail(
                    HttpStatus.BAD_REQUEST, "The header Sec-WebSocket-Extensions can't be read.");
        }
        if (!WebUtils.isSameOrigin(request) && !WebUtils.isValidOrigin(request, origins.allowedOrigins())) {
            return ProblemDetail.forStatusAndDetail(
                    HttpStatus.FORBIDDEN,
                    "Pages of this origin may not connect; holdfast.websocket.allowed-origins lists those that may.");
        }
        if (label != null && !Label.isValid(label)) {
            return ParameterProblem.of("label", label, Label.VALID);
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

    private void refuse(ProblemDetail problem, HttpServletRequest request, HttpServletResponse response) {
        problem.setInstance(URI.create(request.getRequestURI()));
        response.setStatus(problem.getStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        if (problem.getStatus() == HttpStatus.UPGRADE_REQUIRED.value()) {
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
            Connection connection,
            Wish wish,
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

        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        ConnectionMetaData http = jetty.getConnectionMetaData();
        WebSocketConnection webSocket = new WebSocketConnection(
                http.getConnection().getEndPoint(),
                http.getConnector(),
                connection,
                handler,
                lifeSigns,
                outbox,
                maxMessage,
                compression == null ? null : deflate(http.getConnector().getServer()),
                protocol,
                wish);
        if (wish.inspect()) {
            Inspection.keep(webSocket.session(), request, compression, protocol);
        }
        Takeover.after(jetty, webSocket, connection);
    }

    private PerMessageDeflate deflate(Server server) {
        return new PerMessageDeflate(InflaterPool.ensurePool(server), DeflaterPool.ensurePool(server), maxMessage);
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
