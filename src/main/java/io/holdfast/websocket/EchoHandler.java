// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/**
 * Sends every message back with its own type, when it has arrived whole: many clients do not read before they have sent
 * everything, and both sides would wait for each other.
 */
class EchoHandler extends AbstractWebSocketHandler {

    private final WebSocketInspection inspection;

    EchoHandler(WebSocketInspection inspection) {
        this.inspection = inspection;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
        inspection.welcomeIfAsked((Session) session);
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
        session.sendMessage(message);
    }

    @Override
    protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) throws Exception {
        session.sendMessage(message);
    }
}
