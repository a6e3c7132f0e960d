// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Access;
import io.holdfast.access.Action;
import io.holdfast.access.Principal;
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

/** {@code GET /whoami}: who the client is, and what it may do. */
@Component
final class WhoAmIEndpoint implements MessageEndpoint {

    private static final HttpField JSON = new HttpField(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
    private static final HttpField NOT_CACHED = new HttpField(HttpHeader.CACHE_CONTROL, "no-store");

    private final Access access;
    private final RequestAccess requests;
    private final JsonMapper json;

    WhoAmIEndpoint(Access access, RequestAccess requests, JsonMapper json) {
        this.access = access;
        this.requests = requests;
        this.json = json;
    }

    @Override
    public String pattern() {
        return "/whoami";
    }

    @Override
    public boolean handles(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    @Override
    public Action action(String method) {
        return Action.AUTHENTICATE;
    }

    @Override
    public void handle(Exchange exchange, String variable) {
        exchange.query().allow(List.of(RequestAccess.TICKET), List.of());
        Principal principal = requests.known(exchange.request());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("subject", principal.name());
        answer.put("kind", principal.kind().tag());
        answer.put("permissions", access.permissions(principal));
        if (principal.expires() != null) {
            answer.put("expires", principal.expires().toString());
        }
        exchange.answer(HttpStatus.OK.value(), ByteBuffer.wrap(json.writeValueAsBytes(answer)), JSON, NOT_CACHED);
    }
}
