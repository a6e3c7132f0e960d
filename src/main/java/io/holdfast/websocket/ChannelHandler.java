// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.connection.Transport;
import io.holdfast.session.ChannelSession;
import io.holdfast.session.ChannelSessions;
import io.holdfast.session.Events;
import io.holdfast.session.JsonEvents;
import java.util.List;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** The channel protocol over WebSocket: one command or event a text message. */
final class ChannelHandler extends TextWebSocketHandler implements SubProtocolCapable {

    private static final JsonEvents PLAIN =
            new JsonEvents(Transport.WEBSOCKET.tag(), Events.MESSAGE, MessageFrames.PLAIN, true);
    private static final JsonEvents COMPRESSED =
            new JsonEvents(Transport.WEBSOCKET.tag(), Events.MESSAGE, MessageFrames.COMPRESSED, true);

    private final ChannelSessions sessions;
    private final WebSocketInspection inspection;

    ChannelHandler(ChannelSessions sessions, WebSocketInspection inspection) {
        this.sessions = sessions;
        this.inspection = inspection;
    }

    @Override
    public List<String> getSubProtocols() {
        return List.of("holdfast.v1");
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) {
        session.setTextMessageSizeLimit(sessions.maxCommand());
        Session own = (Session) session;
        ChannelSession channels = sessions.withCommands(Transport.WEBSOCKET, own.isCompressing() ? COMPRESSED : PLAIN);
        own.channels(channels);
        channels.opened(own.webSocket().delivery(), inspection.take(own));
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) {
        ChannelSession channels = ((Session) session).channels();
        if (channels != null) {
            channels.receive(message.getPayload());
        }
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        ChannelSession channels = ((Session) session).channels();
        if (channels != null) {
            channels.closed();
        }
    }
}
