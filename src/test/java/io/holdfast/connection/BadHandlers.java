// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.websocket.WebSocketRoute;
import java.io.IOException;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/** WebSocket endpoints that misbehave, each at its own path. */
@TestConfiguration(proxyBeanMethods = false)
class BadHandlers {

    static final String SECRET = "secret of the stack trace";

    /** Sends from its own thread until the connection closes, whether the peer reads or not. */
    @Bean
    WebSocketRoute endless() {
        return new WebSocketRoute("/endless", false, new AbstractWebSocketHandler() {
            @Override
            public void afterConnectionEstablished(WebSocketSession session) {
                Thread.ofVirtual().start(() -> {
                    try {
                        while (true) {
                            session.sendMessage(new BinaryMessage(new byte[8 * 1024]));
                        }
                    } catch (IOException | RuntimeException e) {
                        // Closed, which is what it is there for.
                    }
                });
            }
        });
    }

    /** Fails with the first message. */
    @Bean
    WebSocketRoute broken() {
        return new WebSocketRoute("/broken", false, new AbstractWebSocketHandler() {
            @Override
            protected void handleTextMessage(WebSocketSession session, TextMessage message) {
                throw new IllegalStateException(SECRET);
            }
        });
    }
}
