// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Access;
import io.holdfast.access.Action;
import io.holdfast.access.Denial;
import io.holdfast.access.DeniedException;
import io.holdfast.access.Principal;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.RequestProblem;
import io.holdfast.connection.Transport;
import io.holdfast.jetty.RequestAccess;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code POST /connections/{id}/authenticate}: has an open stream go on with another token of its owner. WebSockets and lines
 * have a command for that.
 */
@Component
final class RefreshEndpoint implements MessageEndpoint {

    private static final HttpField JSON = new HttpField(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);

    private final Access access;
    private final RequestAccess requests;
    private final Connections connections;
    private final JsonMapper json;

    RefreshEndpoint(Access access, RequestAccess requests, Connections connections, JsonMapper json) {
        this.access = access;
        this.requests = requests;
        this.connections = connections;
        this.json = json;
    }

    @Override
    public String pattern() {
        return "/connections/{id}/authenticate";
    }

    @Override
    public boolean handles(String method) {
        return method.equals("POST");
    }

    @Override
    public Action action(String method) {
        return Action.AUTHENTICATE;
    }

    @Override
    public void handle(Exchange exchange, String id) {
        exchange.query().allow(List.of(), List.of());
        Principal next = requests.known(exchange.request());
        access.requireToken(next);
        Connection connection = connections.find(id);
        if (connection == null || connection.transport() != Transport.HTTP) {
            throw ProblemAnswers.response(RequestProblem.part(
                    HttpStatus.NOT_FOUND,
                    "connection",
                    id,
                    "the id of an open stream of this node, from its welcome, as c-k7f2-1a; a WebSocket or a TCP line has"
                            + " the command authenticate"));
        }
        Denial other = access.checkOwner(connection.principal(), next);
        if (other != null) {
            throw new DeniedException(other);
        }
        connection.become(next);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("subject", next.name());
        if (next.expires() != null) {
            answer.put("expires", next.expires().toString());
        }
        exchange.answer(HttpStatus.OK.value(), ByteBuffer.wrap(json.writeValueAsBytes(answer)), JSON);
    }
}
