// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.session.ChannelSessions;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/** The routes of this room, and the mappings that serve the routes of all rooms. */
@Configuration(proxyBeanMethods = false)
class WebSocketConfiguration {

    @Bean
    WebSocketRoute echoRoute(WebSocketInspection inspection) {
        return new WebSocketRoute("/echo", false, new EchoHandler(inspection));
    }

    @Bean
    WebSocketRoute inspectRoute(WebSocketInspection inspection) {
        return new WebSocketRoute("/inspect", false, new InspectHandler(inspection));
    }

    @Bean
    WebSocketRoute channelsRoute(ChannelSessions sessions, WebSocketInspection inspection) {
        return new WebSocketRoute("/channels", true, new ChannelHandler(sessions, inspection));
    }

    /** Asked first. */
    @Bean
    HandlerMapping handshakes(List<WebSocketRoute> routes, Handshake handshake) {
        return new HandshakeMapping(
                byPath(routes, route -> new WebSocketHttpRequestHandler(route.handler(), handshake.of(route))),
                Ordered.HIGHEST_PRECEDENCE);
    }

    /** Asked after the controllers, and before the page's files. */
    @Bean
    HandlerMapping noHandshakes(List<WebSocketRoute> routes) {
        return new SimpleUrlHandlerMapping(byPath(routes, route -> new NoHandshake(route.path())), 1);
    }

    private static Map<String, HttpRequestHandler> byPath(
            List<WebSocketRoute> routes, Function<WebSocketRoute, HttpRequestHandler> handler) {
        return routes.stream().collect(Collectors.toMap(WebSocketRoute::path, handler));
    }
}
