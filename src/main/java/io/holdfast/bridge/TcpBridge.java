package io.holdfast.bridge;

import io.holdfast.delivery.BackPressure;
import io.holdfast.tcp.TcpListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/**
 * Lets a browser, which cannot open a TCP connection, use one: each WebSocket gets a connection to one of our own
 * listeners, never to any other address, and bytes pass both ways. If one side reads too slowly, the other side is not
 * read. If one side ends, the other is closed.
 */
final class TcpBridge extends AbstractWebSocketHandler {

    private static final Logger log = LoggerFactory.getLogger(TcpBridge.class);

    private static final CloseStatus LISTENER_ENDED = CloseStatus.NORMAL.withReason("the TCP side ended");
    private static final CloseStatus BYTES_ONLY = CloseStatus.NOT_ACCEPTABLE.withReason("send binary messages");

    private final TcpListener listener;
    private final String name;
    private final CloseStatus noListener;

    /** An entry is removed before its channel is closed: that its connect fails then is no fault of the listener. */
    private final Map<WebSocketSession, ChannelFuture> bridged = new ConcurrentHashMap<>();

    private volatile boolean reachable = true;

    /** @param name the listener's, as in the settings */
    TcpBridge(TcpListener listener, String name) {
        this.listener = listener;
        this.name = name;
        this.noListener = CloseStatus.SERVICE_RESTARTED.withReason(name + " listener is down");
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws IOException {
        ChannelFuture connecting = listener.connect(name, new ToWebSocket(session));
        if (connecting == null) {
            session.close(noListener);
            return;
        }
        bridged.put(session, connecting);
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                reachable = true;
            } else if (bridged.containsKey(session)) {
                unreachable(done.cause());
                session.close(noListener);
            }
        });
    }

    /** Logs one line until the listener is reached again. Otherwise clients could fill the log. */
    private void unreachable(Throwable cause) {
        if (reachable) {
            reachable = false;
            log.warn("The bridge cannot reach the listener '{}': {}", name, cause.toString());
        }
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
        session.close(BYTES_ONLY);
    }

    @Override
    protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) {
        ChannelFuture connecting = bridged.get(session);
        if (connecting == null) {
            return;
        }
        ByteBuf bytes = Unpooled.copiedBuffer(message.getPayload());
        Channel channel = connecting.channel();
        if (channel.isActive()) {
            channel.writeAndFlush(bytes, channel.voidPromise());
        } else {
            connecting.addListener(done -> channel.writeAndFlush(bytes));
        }
        BackPressure webSocket = (BackPressure) session;
        if (!channel.isWritable()) {
            webSocket.pauseReading();
            // If it became writable before the pause, no event will tell so.
            if (channel.isWritable()) {
                webSocket.resumeReading();
            }
        }
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        ChannelFuture connecting = bridged.remove(session);
        if (connecting != null) {
            connecting.channel().close();
        }
    }

    @Override
    public boolean supportsPartialMessages() {
        return true;
    }

    /** Passes bytes from the listener to the WebSocket, on the TCP connection's event loop. */
    private static final class ToWebSocket extends SimpleChannelInboundHandler<ByteBuf> {

        private final WebSocketSession session;
        private final BackPressure webSocket;

        ToWebSocket(WebSocketSession session) {
            this.session = session;
            this.webSocket = (BackPressure) session;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            ChannelConfig config = context.channel().config();
            webSocket.onWritable(() -> config.setAutoRead(true));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) throws IOException {
            session.sendMessage(new BinaryMessage(bytes.nioBuffer()));
            if (!webSocket.isWritable()) {
                context.channel().config().setAutoRead(false);
                if (webSocket.isWritable()) {
                    context.channel().config().setAutoRead(true);
                }
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable()) {
                webSocket.resumeReading();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws IOException {
            session.close(LISTENER_ENDED);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            log.debug("{} ended: {}", context.channel(), cause.toString());
            context.close();
        }
    }
}
