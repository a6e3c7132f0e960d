package io.holdfast.websocket;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/**
 * Answers each text message with what has passed on its connection so far. Binary messages come back as from the echo, so
 * that what they cost can be told.
 */
class InspectHandler extends AbstractWebSocketHandler {

    private final WebSocketInspection inspection;

    InspectHandler(WebSocketInspection inspection) {
        this.inspection = inspection;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
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
