// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bridge;

import io.holdfast.tcp.TcpListener;
import io.holdfast.websocket.WebSocketRoute;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The listeners that a browser can reach. */
@Configuration(proxyBeanMethods = false)
class Bridges {

    @Bean
    WebSocketRoute tcpBridge(TcpListener listener) {
        return new WebSocketRoute("/tcp", false, new TcpBridge(listener, TcpListener.ECHO));
    }

    @Bean
    WebSocketRoute linesBridge(TcpListener listener) {
        return new WebSocketRoute("/lines", true, new TcpBridge(listener, TcpListener.LINES));
    }
}
