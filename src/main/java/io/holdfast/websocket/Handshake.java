// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.access.Denial;
import io.holdfast.access.DeniedException;
import io.holdfast.access.Principal;
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
import io.holdfast.jetty.RequestAccess;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
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
final class Handshake {

    private static final List<String> PARAMETERS = Stream.concat(
                    Stream.of("label", RequestAccess.TICKET), FaultParameters.OF_WEBSOCKETS.stream())
            .toList();

    private final HandshakeRules rules;
    private final int maxMessage;
    private final Connections connections;
    private final Deliveries deliveries;
    private final Faults faults;
    private final HeartbeatFormats heartbeats;
    private final JsonMapper json;
    private final RequestAccess requests;

    Handshake(
            OriginProperties origins,
            LimitProperties limits,
            Connections connections,
            Deliveries deliveries,
            Faults faults,
            JsonMapper json,
            RequestAccess requests) {
        this.requests = requests;
        this.rules = new HandshakeRules(origins);
        this.maxMessage = Math.toIntExact(limits.echoSize().toBytes());
        this.connections = connections;
        this.deliveries = deliveries;
        this.faults = faults;
        this.heartbeats = HeartbeatFormats.withPings(deliveries.keepAlives().interval());
        this.json = json;
    }

    /** The handshakes of one route. */
    HandshakeHandler of(WebSocketRoute route) {
        return (request, response, handler, attributes) -> open(
                route,
                handler,
                ((ServletServerHttpRequest) request).getServletRequest(),
                ((ServletServerHttpResponse) response).getServletResponse());
    }

    private boolean open(
            WebSocketRoute route, WebSocketHandler handler, HttpServletRequest request, HttpServletResponse response) {
        try {
            accept(route, handler, request, response);
            return true;
        } catch (BadParameterException bad) {
            refuse(refusal(bad.problem(), null), request, response);
        } catch (DeniedException denied) {
            refuse(refusal(denied.denial()), request, response);
        } catch (ErrorResponseException refused) {
            refuse(refused, request, response);
        }
        return false;
    }

    private void accept(
            WebSocketRoute route, WebSocketHandler handler, HttpServletRequest request, HttpServletResponse response) {
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        HandshakeRequest handshake = rules.read(jetty);
        ParameterValues parameters = ParameterValues.of(request.getParameterMap(), PARAMETERS);
        String label = Label.of(parameters.text("label"));
        WebSocketOptions options = WebSocketOptions.of(new FaultParameters(parameters), heartbeats);
        Principal principal = route.asksWho() ? requests.principal(jetty) : Principal.NOBODY;
        requests.checkFault(jetty, options.fault().holdsResources());
        Refusal asked = options.refusal();
        if (asked != null) {
            throw refusal(asked.problem(), asked.retryAfter());
        }
        ConnectionRequest connection = new ConnectionRequest(
                Transport.WEBSOCKET,
                request.getServletPath().substring(1),
                ConnectionUpgrade.remote(jetty),
                label,
                ConnectionUpgrade.carrier(jetty),
                principal);
        switch (connections.admit(connection)) {
            case Admission.Refused refused -> throw refusal(refused.problem(), String.valueOf(refused.retryAfter()));
            case Admission.Admitted admitted ->
                upgrade(handshake, handler, admitted.connection(), options, request, response);
        }
    }

    private static ErrorResponseException refusal(Denial denial) {
        ErrorResponseException refusal = refusal(
                denial.problem(),
                denial.reason() == Denial.Reason.UNAVAILABLE ? String.valueOf(Admission.Refused.RETRY_AFTER) : null);
        if (denial.challenge() != null) {
            refusal.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, denial.challenge());
        }
        return refusal;
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

    private void upgrade(
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
                ConnectionUpgrade.endPoint(jetty),
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
