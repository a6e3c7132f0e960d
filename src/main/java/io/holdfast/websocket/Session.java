// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.access.Principal;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.delivery.BackPressure;
import io.holdfast.delivery.Delivery;
import io.holdfast.session.ChannelSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.SessionLimitExceededException;

/**
 * A connection as Spring's handlers see it. Unlike Spring's own sessions it never blocks a sender. Messages are queued,
 * and a peer whose queue exceeds the outbox is closed as a slow consumer.
 *
 * <p>Safe from any thread, but the parts of one partial message must come from one thread.
 */
final class Session implements WebSocketSession, BackPressure {

    private static final CloseStatus SLOW_CONSUMER =
            new CloseStatus(CloseReason.SLOW_CONSUMER.webSocketCode(), CloseReason.SLOW_CONSUMER.text());

    /** Below this number of bytes compression costs more than it saves. */
    private static final int MIN_COMPRESSED = 64;

    private final WebSocketConnection webSocket;
    private final Connection connection;
    private final @Nullable PerMessageDeflate deflate;
    private final @Nullable String protocol;

    private volatile @Nullable Map<String, Object> attributes;
    private volatile @Nullable Runnable onDrained;
    private volatile @Nullable ChannelSession channels;

    // The message that is being sent in parts; guarded by this.
    private boolean continuing;
    private boolean compressing;

    Session(
            WebSocketConnection webSocket,
            Connection connection,
            @Nullable PerMessageDeflate deflate,
            @Nullable String protocol) {
        this.webSocket = webSocket;
        this.connection = connection;
        this.deflate = deflate;
        this.protocol = protocol;
    }

    /** @throws IOException if the connection is closing, or if this message overflows its outbox and closes it */
    @Override
    public void sendMessage(WebSocketMessage<?> message) throws IOException {
        boolean sent = switch (message) {
            case TextMessage text -> sendData(Opcode.TEXT, ByteBuffer.wrap(text.asBytes()), text.isLast());
            case BinaryMessage binary ->
                sendData(Opcode.BINARY, binary.getPayload().duplicate(), binary.isLast());
            case PingMessage ping -> send(0x80 | Opcode.PING, ping.getPayload().duplicate());
            case PongMessage pong -> send(0x80 | Opcode.PONG, pong.getPayload().duplicate());
            default -> throw new IllegalArgumentException("not a message type of RFC 6455: " + message.getClass());
        };
        if (!sent) {
            throw new ClosedChannelException();
        }
        if (connection.reason() == CloseReason.SLOW_CONSUMER) {
            throw new SessionLimitExceededException("the outbox is full", SLOW_CONSUMER);
        }
    }

    /** Sends one frame, or adds it to the answers of the current read. */
    private boolean send(int first, ByteBuffer payload) {
        ByteBuffer header = Frame.header(first, payload.remaining());
        boolean endsMessage = (first & 0x80) != 0 && !Opcode.isControl(first & 0x0F);
        Delivery delivery = webSocket.delivery();
        boolean added = endsMessage ? delivery.append(header, payload) : delivery.appendPart(header, payload);
        delivery.flush();
        return added;
    }

    private synchronized boolean sendData(int opcode, ByteBuffer payload, boolean last) {
        connection.sent(payload.remaining());
        if (last) {
            connection.messageSent();
        }
        int first = (last ? 0x80 : 0) | (continuing ? Opcode.CONTINUATION : opcode);
        if (!continuing) {
            compressing = deflate != null && !(last && payload.remaining() < MIN_COMPRESSED);
            first |= compressing ? 0x40 : 0;
        }
        continuing = !last;
        return send(first, compressing && deflate != null ? deflate.deflate(payload, last) : payload);
    }

    @Override
    public void close() {
        close(CloseStatus.NORMAL);
    }

    @Override
    public void close(CloseStatus status) {
        webSocket.close(reason(status), status);
    }

    /** The reason for a code that Spring's handlers use. */
    private static CloseReason reason(CloseStatus status) {
        return switch (status.getCode()) {
            case 1002, 1003, 1007, 1008, 1010 -> CloseReason.BAD_PROTOCOL;
            case 1009 -> CloseReason.TOO_BIG;
            case 1011 -> CloseReason.ERROR;
            case 1012, 1013 -> CloseReason.UNAVAILABLE;
            default -> CloseReason.COMPLETED;
        };
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public String getId() {
        return connection.id();
    }

    /** Not kept: a request that is still reachable costs each idle connection kilobytes. */
    @Override
    public @Nullable URI getUri() {
        return null;
    }

    /** Empty, for the same reason as {@link #getUri()}. */
    @Override
    public HttpHeaders getHandshakeHeaders() {
        return HttpHeaders.EMPTY;
    }

    @Override
    public synchronized Map<String, Object> getAttributes() {
        Map<String, Object> map = attributes;
        if (map == null) {
            map = new ConcurrentHashMap<>(4);
            attributes = map;
        }
        return map;
    }

    /** As {@code remove} of {@link #getAttributes}, but a session without attributes still has no map for them. */
    @Nullable
    Object removeAttribute(String name) {
        return attributes == null ? null : getAttributes().remove(name);
    }

    @Override
    public Principal getPrincipal() {
        return connection.principal();
    }

    @Override
    public @Nullable InetSocketAddress getLocalAddress() {
        return address(webSocket.getEndPoint().getLocalSocketAddress());
    }

    @Override
    public @Nullable InetSocketAddress getRemoteAddress() {
        return address(webSocket.getEndPoint().getRemoteSocketAddress());
    }

    private static @Nullable InetSocketAddress address(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : null;
    }

    @Override
    public @Nullable String getAcceptedProtocol() {
        return protocol;
    }

    /** One limit for text and binary; to be set before the first message. */
    @Override
    public void setTextMessageSizeLimit(int limit) {
        webSocket.incoming().maxMessage(limit);
    }

    @Override
    public int getTextMessageSizeLimit() {
        return webSocket.incoming().maxMessage();
    }

    @Override
    public void setBinaryMessageSizeLimit(int limit) {
        webSocket.incoming().maxMessage(limit);
    }

    @Override
    public int getBinaryMessageSizeLimit() {
        return webSocket.incoming().maxMessage();
    }

    WebSocketConnection webSocket() {
        return webSocket;
    }

    Connection connection() {
        return connection;
    }

    boolean isCompressing() {
        return deflate != null;
    }

    @Override
    public List<WebSocketExtension> getExtensions() {
        return deflate == null ? List.of() : List.of(new WebSocketExtension(PerMessageDeflate.NAME));
    }

    @Override
    public void pauseReading() {
        webSocket.delivery().pauseReading();
    }

    @Override
    public void resumeReading() {
        webSocket.delivery().resumeReading();
    }

    @Override
    public boolean isWritable() {
        return webSocket.delivery().isWritable();
    }

    @Override
    public void onWritable(Runnable action) {
        onDrained = action;
    }

    /** All that was sent has been handed to the socket. */
    void drained() {
        ChannelSession session = channels;
        if (session != null) {
            session.drained();
        }
        Runnable action = onDrained;
        if (action != null) {
            action.run();
        }
    }

    /** Has {@code session} hear what becomes of this connection. */
    void channels(ChannelSession session) {
        channels = session;
    }

    /** The session of a connection that speaks the channel protocol; null for any other. */
    @Nullable
    ChannelSession channels() {
        return channels;
    }

    void principalChanged() {
        ChannelSession session = channels;
        if (session != null) {
            session.principalChanged();
        }
    }

    @Override
    public String toString() {
        return getId();
    }
}
