package io.holdfast.websocket;

import io.holdfast.connection.Connections;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.OriginProperties;
import io.holdfast.connection.OutboxProperties;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import tools.jackson.databind.json.JsonMapper;

/** Serves every {@link WebSocketHandler} bean, of any room, at the path that is its bean's name. */
@Configuration(proxyBeanMethods = false)
class WebSocketRoutes {

    @Bean
    Handshake handshake(
            OriginProperties origins,
            LimitProperties limits,
            Connections connections,
            LifeSigns lifeSigns,
            OutboxProperties outbox,
            JsonMapper json) {
        return new Handshake(origins, limits, connections, lifeSigns, outbox, json);
    }

    @Bean
    WebSocketHandlerMapping webSocketHandlerMapping(
            Map<String, WebSocketHandler> handlers, HandshakeHandler handshake) {
        WebSocketHandlerMapping mapping = new WebSocketHandlerMapping();
        mapping.setUrlMap(handlers.entrySet().stream()
                .collect(Collectors.toMap(
                        route -> "/" + route.getKey(),
                        route -> new WebSocketHttpRequestHandler(route.getValue(), handshake))));
        // Asked first, and only for upgrades: plain requests on the same path belong to the controllers.
        mapping.setWebSocketUpgradeMatch(true);
        mapping.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return mapping;
    }
}
