package io.holdfast.websocket;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/**
 * Sends every message back with its own type. Parts of large or fragmented messages are sent back as they come, so that
 * an echo of any size holds no more than one read.
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

    @Override
    public boolean supportsPartialMessages() {
        return true;
    }
}
