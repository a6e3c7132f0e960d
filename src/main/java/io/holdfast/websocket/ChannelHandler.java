package io.holdfast.websocket;

import io.holdfast.connection.Transport;
import io.holdfast.session.ChannelSession;
import io.holdfast.session.ChannelSessions;
import io.holdfast.session.Events;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** The channel protocol over WebSocket: one command or event a text message. */
@Component("channels")
class ChannelHandler extends TextWebSocketHandler implements SubProtocolCapable {

    private static final String SESSION = ChannelHandler.class.getName();

    private final ChannelSessions sessions;
    private final Inspection inspection;

    ChannelHandler(ChannelSessions sessions, Inspection inspection) {
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
        SessionOutlet outlet = new SessionOutlet(own);
        ChannelSession channels = sessions.open(Transport.WEBSOCKET, outlet);
        own.webSocket().onDrained(channels::relieved);
        session.getAttributes().put(SESSION, channels);
        outlet.say(Events.welcome(session.getId(), own.webSocket().heartbeatInterval(), inspection.take(own)));
        outlet.flush();
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) {
        ChannelSession channels = channels(session);
        if (channels != null) {
            channels.receive(message.getPayload());
        }
    }

    private static @Nullable ChannelSession channels(WebSocketSession session) {
        return (ChannelSession) session.getAttributes().get(SESSION);
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        ChannelSession channels = channels(session);
        if (channels != null) {
            channels.end();
        }
    }
}
