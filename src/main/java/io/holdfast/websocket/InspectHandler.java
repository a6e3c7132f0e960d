// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/**
 * Answers each text message with the bytes that have passed on its connection. Binary messages come back as from the
 * echo, so that their cost can be measured. Messages are limited to what the page measures at most.
 */
class InspectHandler extends AbstractWebSocketHandler {

    private static final int MAX_MESSAGE = 128 * 1024;

    private final WebSocketInspection inspection;

    InspectHandler(WebSocketInspection inspection) {
        this.inspection = inspection;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
        session.setTextMessageSizeLimit(MAX_MESSAGE);
        inspection.welcomeIfAsked((Session) session);
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
        session.sendMessage(new TextMessage(inspection.now((Session) session)));
    }

    @Override
    protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) throws Exception {
        session.sendMessage(message);
    }
}
