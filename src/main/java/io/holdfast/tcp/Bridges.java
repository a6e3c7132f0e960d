package io.holdfast.tcp;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.WebSocketHandler;

/** The listeners that a browser can reach; each bridge is a WebSocket at the path that is its bean's name. */
@Configuration(proxyBeanMethods = false)
class Bridges {

    @Bean
    WebSocketHandler tcp(TcpListener listener) {
        return new TcpBridge(listener, TcpProperties.ECHO);
    }

    @Bean
    WebSocketHandler lines(TcpListener listener) {
        return new TcpBridge(listener, TcpProperties.LINES);
    }
}
