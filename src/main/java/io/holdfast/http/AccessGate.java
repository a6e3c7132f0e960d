// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Access;
import io.holdfast.access.Action;
import io.holdfast.access.Authentication;
import io.holdfast.access.Denial;
import io.holdfast.access.DeniedException;
import io.holdfast.access.Principal;
import io.holdfast.channel.ChannelRules;
import io.holdfast.jetty.RequestAccess;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Lets a request pass if its sender may do what it asks for. Who sends it is asked only where that makes a difference: what
 * needs no permission is open to a client with any token, also with a wrong one. Nothing blocks.
 */
@Component
final class AccessGate {

    private final Access access;
    private final RequestAccess requests;
    private final ActuatorRules actuator;

    AccessGate(Access access, RequestAccess requests, ActuatorRules actuator) {
        this.access = access;
        this.requests = requests;
        this.actuator = actuator;
    }

    /**
     * Runs {@code then} if the request is allowed, on this thread or, if its token has to be verified, on another one. If it
     * is not, it is answered.
     *
     * @param route of the path; null if no {@link MessageEndpoint} has one
     */
    void pass(Exchange exchange, String path, @Nullable EndpointRoute route, Runnable then) {
        String method = exchange.request().getMethod();
        if (method.equals("OPTIONS")) {
            then.run();
        } else if (route != null) {
            pass(exchange, path, route, method, then);
        } else if (actuator.isActuator(path)) {
            passActuator(exchange, path, then);
        } else {
            then.run();
        }
    }

    private void pass(Exchange exchange, String path, EndpointRoute route, String method, Runnable then) {
        Action action = route.endpoint().action(method);
        if (action == null) {
            // A fault may be asked for.
            if (exchange.request().getHttpURI().getQuery() == null) {
                then.run();
            } else {
                ask(exchange, null, null, then);
            }
        } else if (action == Action.AUTHENTICATE) {
            ask(exchange, null, null, then);
        } else {
            exchange.attempt(() -> ask(exchange, action, ChannelRules.channel(route.variable(path)), then));
        }
    }

    /** Lets a request to the actuator pass, on whatever port. */
    void passActuator(Exchange exchange, String path, Runnable then) {
        ask(exchange, actuator.action(exchange.request().getMethod(), path), null, then);
    }

    /** @param action null if the request needs no permission, but its sender has to be known */
    private void ask(Exchange exchange, @Nullable Action action, @Nullable String channel, Runnable then) {
        CompletableFuture<Authentication> identified =
                requests.identify(exchange.request()).toCompletableFuture();
        if (identified.isDone()) {
            decide(exchange, identified.join(), action, channel, then);
        } else {
            identified.thenAccept(found -> decide(exchange, found, action, channel, then));
        }
    }

    private void decide(
            Exchange exchange, Authentication found, @Nullable Action action, @Nullable String channel, Runnable then) {
        Denial denial = switch (found) {
            case Authentication.Failed(Denial failure) -> failure;
            case Authentication.Authenticated(Principal principal) ->
                action == null ? null : access.check(principal, action, channel);
        };
        if (denial == null) {
            exchange.attempt(then::run);
        } else {
            exchange.fail(new DeniedException(denial));
        }
    }
}
