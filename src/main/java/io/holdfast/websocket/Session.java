package io.holdfast.websocket;

import io.holdfast.connection.Flow;
import io.holdfast.connection.Traffic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
 * A connection as Spring's handlers see it. Unlike Spring's own sessions it never blocks a sender: messages are queued,
 * and a peer that lets more than {@link #MAX_PENDING} bytes pile up is closed as a slow consumer.
 *
 * <p>Safe from any thread, except that the parts of one partial message must come from one.
 */
final class Session implements WebSocketSession, Flow {

    private static final CloseStatus SLOW_CONSUMER = new CloseStatus(4008, "slow consumer");
    private static final long MAX_PENDING = 1024 * 1024;

    /** Below this, compression costs more than it saves. */
    private static final int MIN_COMPRESSED = 64;

    private static final AtomicLong sequence = new AtomicLong();

    private final long number = sequence.incrementAndGet();
    private final WebSocketConnection connection;
    private final Traffic.Counts traffic;
    private final @Nullable PerMessageDeflate deflate;
    private final @Nullable String protocol;

    private volatile @Nullable Map<String, Object> attributes;

    // The message being sent in parts, guarded by this.
    private boolean continuing;
    private boolean compressing;

    Session(
            WebSocketConnection connection,
            Traffic.Counts traffic,
            @Nullable PerMessageDeflate deflate,
            @Nullable String protocol) {
        this.connection = connection;
        this.traffic = traffic;
        this.deflate = deflate;
        this.protocol = protocol;
    }

    /** @throws IOException if the connection is closing, or is closed by this message as it overflows */
    @Override
    public void sendMessage(WebSocketMessage<?> message) throws IOException {
        boolean sent = switch (message) {
            case TextMessage text -> sendData(Opcode.TEXT, ByteBuffer.wrap(text.asBytes()), text.isLast());
            case BinaryMessage binary ->
                sendData(Opcode.BINARY, binary.getPayload().duplicate(), binary.isLast());
            case PingMessage ping ->
                connection.send(0x80 | Opcode.PING, ping.getPayload().duplicate());
            case PongMessage pong ->
                connection.send(0x80 | Opcode.PONG, pong.getPayload().duplicate());
            default -> throw new IllegalArgumentException("not a message type of RFC 6455: " + message.getClass());
        };
        if (!sent) {
            throw new ClosedChannelException();
        }
        if (connection.pending() > MAX_PENDING) {
            close(SLOW_CONSUMER);
            throw new SessionLimitExceededException("over " + MAX_PENDING + " bytes unsent", SLOW_CONSUMER);
        }
    }

    private synchronized boolean sendData(int opcode, ByteBuffer payload, boolean last) {
        traffic.bytesOut(payload.remaining());
        if (last) {
            traffic.messageOut();
        }
        int first = (last ? 0x80 : 0) | (continuing ? Opcode.CONTINUATION : opcode);
        if (!continuing) {
            compressing = deflate != null && !(last && payload.remaining() < MIN_COMPRESSED);
            first |= compressing ? 0x40 : 0;
        }
        continuing = !last;
        return connection.send(first, compressing && deflate != null ? deflate.deflate(payload, last) : payload);
    }

    @Override
    public void close() {
        close(CloseStatus.NORMAL);
    }

    @Override
    public void close(CloseStatus status) {
        connection.close(status);
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    @Override
    public String getId() {
        return "ws-" + Long.toHexString(number);
    }

    /** Not kept: a request that outlives its handshake costs each idle connection kilobytes. */
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

    @Override
    public @Nullable Principal getPrincipal() {
        return null;
    }

    @Override
    public @Nullable InetSocketAddress getLocalAddress() {
        return connection.localAddress();
    }

    @Override
    public @Nullable InetSocketAddress getRemoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public @Nullable String getAcceptedProtocol() {
        return protocol;
    }

    /** Fixed by {@code holdfast.limits.echo-size}; a handler can't change it. */
    @Override
    public void setTextMessageSizeLimit(int limit) {
        throw new UnsupportedOperationException("set holdfast.limits.echo-size instead");
    }

    @Override
    public int getTextMessageSizeLimit() {
        return connection.maxMessage();
    }

    @Override
    public void setBinaryMessageSizeLimit(int limit) {
        throw new UnsupportedOperationException("set holdfast.limits.echo-size instead");
    }

    @Override
    public int getBinaryMessageSizeLimit() {
        return connection.maxMessage();
    }

    @Override
    public List<WebSocketExtension> getExtensions() {
        return deflate == null ? List.of() : List.of(new WebSocketExtension(PerMessageDeflate.NAME));
    }

    @Override
    public void pauseReading() {
        connection.pauseReading();
    }

    @Override
    public void resumeReading() {
        connection.resumeReading();
    }

    @Override
    public boolean isWritable() {
        return connection.isWritable();
    }

    @Override
    public void onWritable(Runnable action) {
        connection.onWritable(action);
    }

    @Override
    public String toString() {
        return getId();
    }
}
