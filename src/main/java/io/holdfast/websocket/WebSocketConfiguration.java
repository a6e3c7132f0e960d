package io.holdfast.websocket;

import io.holdfast.session.ChannelSessions;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/** The routes of this room, and the mapping that serves the routes of all rooms. */
@Configuration(proxyBeanMethods = false)
class WebSocketConfiguration {

    @Bean
    WebSocketRoute echoRoute(WebSocketInspection inspection) {
        return new WebSocketRoute("/echo", new EchoHandler(inspection));
    }

    @Bean
    WebSocketRoute inspectRoute(WebSocketInspection inspection) {
        return new WebSocketRoute("/inspect", new InspectHandler(inspection));
    }

    @Bean
    WebSocketRoute channelsRoute(ChannelSessions sessions, WebSocketInspection inspection) {
        return new WebSocketRoute("/channels", new ChannelHandler(sessions, inspection));
    }

    @Bean
    WebSocketHandlerMapping webSocketHandlerMapping(List<WebSocketRoute> routes, HandshakeHandler handshake) {
        WebSocketHandlerMapping mapping = new WebSocketHandlerMapping();
        mapping.setUrlMap(routes.stream()
                .collect(Collectors.toMap(
                        WebSocketRoute::path, route -> new WebSocketHttpRequestHandler(route.handler(), handshake))));
        // Asked first, and only for upgrades: plain requests on the same path belong to the controllers.
        mapping.setWebSocketUpgradeMatch(true);
        mapping.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return mapping;
    }
}
