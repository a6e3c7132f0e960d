package io.holdfast.websocket;

import io.holdfast.connection.Connection;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/**
 * What comes from the peer of one connection: frames are taken apart, inflated and handed to its handler as messages; its
 * pings and its close frame are the connection's to answer.
 *
 * <p>Confined to the thread that reads.
 */
final class Incoming implements FrameParser.Sink {

    private static final Logger log = LoggerFactory.getLogger(Incoming.class);

    private final WebSocketConnection webSocket;
    private final Session session;
    private final WebSocketHandler handler;
    private final @Nullable PerMessageDeflate deflate;
    private final FrameParser parser;
    private final MessageReader messages;
    private volatile int maxMessage;

    Incoming(
            WebSocketConnection webSocket,
            Session session,
            WebSocketHandler handler,
            @Nullable PerMessageDeflate deflate,
            int maxMessage) {
        this.webSocket = webSocket;
        this.session = session;
        this.handler = handler;
        this.deflate = deflate;
        this.parser = new FrameParser(maxMessage, deflate != null);
        this.messages = new MessageReader(handler.supportsPartialMessages());
        this.maxMessage = maxMessage;
    }

    void opened() throws Exception {
        handler.afterConnectionEstablished(session);
    }

    /** Takes {@code bytes} to their end, whose content it changes. */
    void parse(ByteBuffer bytes) throws ProtocolViolation {
        parser.parse(bytes, this);
    }

    @Override
    public void data(int opcode, boolean compressed, ByteBuffer payload, boolean last) throws ProtocolViolation {
        if (compressed && deflate != null) {
            deflate.inflate(payload, last, (inflated, end) -> piece(opcode, inflated, end));
        } else {
            piece(opcode, payload, last);
        }
    }

    private void piece(int opcode, ByteBuffer payload, boolean last) throws ProtocolViolation {
        Connection connection = session.connection();
        connection.received(payload.remaining());
        if (last) {
            connection.messageReceived();
        }
        WebSocketMessage<?> message = messages.read(opcode, payload, last);
        if (message != null && webSocket.isTalking()) {
            dispatch(message);
        }
    }

    private void dispatch(WebSocketMessage<?> message) {
        try {
            handler.handleMessage(session, message);
        } catch (Exception e) {
            webSocket.fail(e);
        }
    }

    @Override
    public void control(int opcode, ByteBuffer payload) throws ProtocolViolation {
        switch (opcode) {
            case Opcode.PING -> webSocket.pinged(payload);
            case Opcode.PONG -> ponged(payload);
            default -> webSocket.closeReceived(payload);
        }
    }

    private void ponged(ByteBuffer payload) {
        webSocket.ponged(payload);
        dispatch(new PongMessage(payload));
    }

    int maxMessage() {
        return maxMessage;
    }

    void maxMessage(int bytes) {
        maxMessage = bytes;
        parser.maxMessage(bytes);
        if (deflate != null) {
            deflate.maxMessage(bytes);
        }
    }

    /** It has ended: nothing more comes. */
    void closed(CloseStatus status) {
        if (deflate != null) {
            deflate.release();
        }
        try {
            handler.afterConnectionClosed(session, status);
        } catch (Exception e) {
            log.warn("Handler of {} failed after it was closed", session, e);
        }
    }
}
