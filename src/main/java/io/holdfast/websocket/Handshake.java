package io.holdfast.websocket;

import io.holdfast.connection.Admission;
import io.holdfast.connection.BadParameterException;
import io.holdfast.connection.Connection;
import io.holdfast.connection.ConnectionRequest;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Label;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.OriginProperties;
import io.holdfast.connection.ParameterValues;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.Deliveries;
import io.holdfast.fault.FaultParameters;
import io.holdfast.fault.Faults;
import io.holdfast.fault.HeartbeatFormats;
import io.holdfast.fault.Refusal;
import io.holdfast.jetty.ConnectionUpgrade;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
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
import org.springframework.stereotype.Component;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.server.HandshakeHandler;
import tools.jackson.databind.json.JsonMapper;

/**
 * The server's side of the opening handshake (RFC 6455, section 4.2): checks the request, answers it, and puts a
 * {@link WebSocketConnection} in the place of the HTTP one. A refusal is answered as problem JSON.
 */
@Component
final class Handshake implements HandshakeHandler {

    private final HandshakeRules rules;
    private final int maxMessage;
    private final Connections connections;
    private final Deliveries deliveries;
    private final Faults faults;
    private final HeartbeatFormats heartbeats;
    private final JsonMapper json;

    Handshake(
            OriginProperties origins,
            LimitProperties limits,
            Connections connections,
            Deliveries deliveries,
            Faults faults,
            JsonMapper json) {
        this.rules = new HandshakeRules(origins);
        this.maxMessage = Math.toIntExact(limits.echoSize().toBytes());
        this.connections = connections;
        this.deliveries = deliveries;
        this.faults = faults;
        this.heartbeats = HeartbeatFormats.withPings(deliveries.keepAlives().interval());
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
        ProblemDetail problem = rules.check(request, headers);
        if (problem != null) {
            refuse(problem, null, servletRequest, servletResponse);
            return false;
        }
        String label;
        WebSocketOptions options;
        try {
            label = Label.of(servletRequest.getParameter("label"));
            options = WebSocketOptions.of(
                    new FaultParameters(new ParameterValues(servletRequest::getParameter)), heartbeats);
        } catch (BadParameterException bad) {
            refuse(bad.problem(), null, servletRequest, servletResponse);
            return false;
        }
        Refusal refusal = options.refusal();
        if (refusal != null) {
            refuse(refusal.problem(), refusal.retryAfter(), servletRequest, servletResponse);
            return false;
        }
        ConnectionRequest connection = new ConnectionRequest(
                Transport.WEBSOCKET,
                servletRequest.getServletPath().substring(1),
                ConnectionUpgrade.remote(servletRequest),
                label);
        return switch (connections.admit(connection)) {
            case Admission.Refused refused -> {
                String retryAfter = String.valueOf(Admission.Refused.RETRY_AFTER);
                refuse(refused.problem(), retryAfter, servletRequest, servletResponse);
                yield false;
            }
            case Admission.Admitted admitted -> {
                accept(headers, handler, admitted.connection(), options, servletRequest, servletResponse);
                yield true;
            }
        };
    }

    private void refuse(
            ProblemDetail problem,
            @Nullable String retryAfter,
            HttpServletRequest request,
            HttpServletResponse response) {
        problem.setInstance(URI.create(request.getRequestURI()));
        response.setStatus(problem.getStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        if (retryAfter != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, retryAfter);
        }
        if (problem.getStatus() == HttpStatus.UPGRADE_REQUIRED.value()) {
            response.setHeader(WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION, HandshakeRules.VERSION);
        }
        try {
            response.getOutputStream().write(json.writeValueAsBytes(problem));
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private void accept(
            WebSocketHttpHeaders headers,
            WebSocketHandler handler,
            Connection connection,
            WebSocketOptions options,
            HttpServletRequest request,
            HttpServletResponse response) {
        HandshakeAnswer answer = HandshakeAnswer.to(headers, handler);
        answer.write(response);
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        ConnectionMetaData http = jetty.getConnectionMetaData();
        WebSocketConnection webSocket = new WebSocketConnection(
                http.getConnection().getEndPoint(),
                http.getConnector(),
                connection,
                handler,
                deliveries,
                faults,
                maxMessage,
                answer.compression() == null
                        ? null
                        : deflate(http.getConnector().getServer()),
                answer.protocol(),
                options);
        if (options.inspect()) {
            WebSocketInspection.keep(webSocket.session(), request, answer.compression(), answer.protocol());
        }
        ConnectionUpgrade.after(jetty, webSocket, webSocket.delivery());
    }

    private PerMessageDeflate deflate(Server server) {
        return new PerMessageDeflate(InflaterPool.ensurePool(server), DeflaterPool.ensurePool(server), maxMessage);
    }
}
