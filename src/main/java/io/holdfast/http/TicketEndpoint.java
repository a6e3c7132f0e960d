// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Access;
import io.holdfast.access.Action;
import io.holdfast.access.Principal;
import io.holdfast.channel.UnavailableException;
import io.holdfast.jetty.RequestAccess;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** {@code POST /tickets}: a ticket that stands for the client's token in one request, as an {@code EventSource} has no headers. */
@Component
final class TicketEndpoint implements MessageEndpoint {

    private static final HttpField JSON = new HttpField(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
    private static final HttpField NOT_CACHED = new HttpField(HttpHeader.CACHE_CONTROL, "no-store");

    private final Access access;
    private final RequestAccess requests;

    TicketEndpoint(Access access, RequestAccess requests) {
        this.access = access;
        this.requests = requests;
    }

    @Override
    public String pattern() {
        return "/tickets";
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
    public void handle(Exchange exchange, String variable) {
        exchange.query().allow(List.of(), List.of());
        Principal owner = requests.known(exchange.request());
        access.requireToken(owner);
        access.ticket(owner)
                .whenComplete((ticket, failure) -> exchange.attempt(() -> {
                    if (failure != null) {
                        throw UnavailableException.of(failure);
                    }
                    String answer =
                            "{\"ticket\":\"" + ticket + "\",\"validity\":\"" + Access.TICKET.toSeconds() + "s\"}";
                    exchange.answer(
                            HttpStatus.CREATED.value(),
                            ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)),
                            JSON,
                            NOT_CACHED);
                }));
    }
}
