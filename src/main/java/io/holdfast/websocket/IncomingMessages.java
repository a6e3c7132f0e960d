// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.memory.MemoryPart;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The input of one connection: parses and inflates frames and hands them to the handler as messages. Pings and
 * the close frame are answered here.
 *
 * <p>Confined to the thread that reads.
 */
final class IncomingMessages implements FrameParser.Sink {

    private static final Logger log = LoggerFactory.getLogger(IncomingMessages.class);

    private final WebSocketConnection webSocket;
    private final Session session;
    private final WebSocketHandler handler;
    private final @Nullable PerMessageDeflate deflate;
    private final FrameParser parser;
    private final MessageReader messages;
    private final boolean answersPings;
    private volatile int maxMessage;
    private boolean stopped;

    IncomingMessages(
            WebSocketConnection webSocket,
            Session session,
            WebSocketHandler handler,
            @Nullable PerMessageDeflate deflate,
            int maxMessage,
            MemoryPart memory,
            boolean answersPings) {
        this.webSocket = webSocket;
        this.session = session;
        this.handler = handler;
        this.deflate = deflate;
        this.parser = new FrameParser(maxMessage, deflate != null);
        this.messages = new MessageReader(handler.supportsPartialMessages(), memory);
        this.maxMessage = maxMessage;
        this.answersPings = answersPings;
    }

    void opened() throws Exception {
        handler.afterConnectionEstablished(session);
    }

    /** Consumes all of {@code bytes}, and changes their content. */
    void parse(ByteBuffer bytes) throws ProtocolViolation {
        if (!stopped) {
            parser.parse(bytes, this);
        }
    }

    /** Whether a frame or a message has begun and is not complete. */
    boolean isIncomplete() {
        return !stopped && parser.isIncomplete();
    }

    /** Drops whatever comes from now on, and the message that has begun. */
    void stop() {
        stopped = true;
        if (deflate != null) {
            deflate.stopInflating();
        }
        messages.close();
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
        WebSocketMessage<?> message = messages.read(opcode, payload, last, maxMessage);
        if (message != null && webSocket.delivery().isOpen()) {
            dispatch(message);
        }
        if (last) {
            messages.release();
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
            case Opcode.PING -> pinged(payload);
            case Opcode.PONG -> ponged(payload);
            default -> closeReceived(payload);
        }
    }

    private void pinged(ByteBuffer payload) {
        if (answersPings) {
            webSocket.delivery().appendPart(Frame.header(0x80 | Opcode.PONG, payload.remaining()), payload);
        }
    }

    private void ponged(ByteBuffer payload) {
        if (payload.remaining() == Long.BYTES) {
            webSocket.delivery().pong(payload.getLong(0));
        }
        dispatch(new PongMessage(payload));
    }

    /** The peer's close frame: it is answered, unless it is the answer to ours (RFC 6455, section 5.5.1). */
    private void closeReceived(ByteBuffer payload) throws ProtocolViolation {
        webSocket.close(CloseReason.CLIENT, Frame.closeStatus(payload));
        webSocket.delivery().inputEnded();
        stopped = true;
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

    /** The connection is over: nothing more comes. */
    void closed(CloseStatus status) {
        if (deflate != null) {
            deflate.release();
        }
        messages.close();
        try {
            handler.afterConnectionClosed(session, status);
        } catch (Exception e) {
            log.warn("Handler of {} failed after it was closed", session, e);
        }
    }
}
