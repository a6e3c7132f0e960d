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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.compression.DeflaterPool;
import org.eclipse.jetty.util.compression.InflaterPool;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import tools.jackson.databind.json.JsonMapper;

/**
 * The server's side of the opening handshake (RFC 6455, section 4.2): checks the request, answers it, and puts a
 * {@link WebSocketConnection} in the place of the HTTP one. A refusal is answered as problem JSON.
 */
@Component
final class Handshake implements HandshakeHandler {

    private static final List<String> PARAMETERS = Stream.concat(
                    Stream.of("label"), FaultParameters.OF_WEBSOCKETS.stream())
            .toList();

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
        HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
        HttpServletResponse servletResponse = ((ServletServerHttpResponse) response).getServletResponse();
        try {
            open(handler, servletRequest, servletResponse);
            return true;
        } catch (BadParameterException bad) {
            refuse(refusal(bad.problem(), null), servletRequest, servletResponse);
        } catch (ErrorResponseException refused) {
            refuse(refused, servletRequest, servletResponse);
        }
        return false;
    }

    private void open(WebSocketHandler handler, HttpServletRequest request, HttpServletResponse response) {
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        HandshakeRequest handshake = rules.read(jetty);
        ParameterValues parameters = ParameterValues.of(request.getParameterMap(), PARAMETERS);
        String label = Label.of(parameters.text("label"));
        WebSocketOptions options = WebSocketOptions.of(new FaultParameters(parameters), heartbeats);
        Refusal asked = options.refusal();
        if (asked != null) {
            throw refusal(asked.problem(), asked.retryAfter());
        }
        ConnectionRequest connection = new ConnectionRequest(
                Transport.WEBSOCKET, request.getServletPath().substring(1), ConnectionUpgrade.remote(jetty), label);
        switch (connections.admit(connection)) {
            case Admission.Refused refused -> throw refusal(refused.problem(), String.valueOf(refused.retryAfter()));
            case Admission.Admitted admitted ->
                accept(handshake, handler, admitted.connection(), options, request, response);
        }
    }

    private static ErrorResponseException refusal(ProblemDetail problem, @Nullable String retryAfter) {
        ErrorResponseException refusal =
                new ErrorResponseException(HttpStatusCode.valueOf(problem.getStatus()), problem, null);
        if (retryAfter != null) {
            refusal.getHeaders().set(HttpHeaders.RETRY_AFTER, retryAfter);
        }
        return refusal;
    }

    private void refuse(ErrorResponseException refusal, HttpServletRequest request, HttpServletResponse response) {
        ProblemDetail problem = refusal.getBody();
        problem.setInstance(URI.create(request.getRequestURI()));
        response.setStatus(problem.getStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        refusal.getHeaders().forEach((name, values) -> response.setHeader(name, values.getFirst()));
        try {
            response.getOutputStream().write(json.writeValueAsBytes(problem));
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private void accept(
            HandshakeRequest handshake,
            WebSocketHandler handler,
            Connection connection,
            WebSocketOptions options,
            HttpServletRequest request,
            HttpServletResponse response) {
        HandshakeAnswer answer = HandshakeAnswer.to(handshake, handler);
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
        return new PerMessageDeflate(
                InflaterPool.ensurePool(server), DeflaterPool.ensurePool(server), deliveries.receiving(), maxMessage);
    }
}
