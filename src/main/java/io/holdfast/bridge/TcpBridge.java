// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bridge;

import io.holdfast.access.Principal;
import io.holdfast.delivery.BackPressure;
import io.holdfast.tcp.TcpListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
 * read. If one side ends, the other is closed. A close frame of the client ends TCP with a FIN, so that the listener handles
 * what was sent before.
 */
final class TcpBridge extends AbstractWebSocketHandler {

    private static final Logger log = LoggerFactory.getLogger(TcpBridge.class);

    private static final CloseStatus LISTENER_ENDED = CloseStatus.NORMAL.withReason("the TCP side ended");
    private static final CloseStatus BYTES_ONLY = CloseStatus.NOT_ACCEPTABLE.withReason("send binary messages");

    /**
     * From the FIN to a reset. The listener has read by then what was sent before. It does not end a subscriber by itself:
     * one that has sent a FIN may still read.
     */
    private static final int LINGER_MILLIS = 500;

    /** How a client ends that has sent all that it wanted to send. */
    private static final Set<Integer> GRACEFUL = Set.of(
            CloseStatus.NORMAL.getCode(), CloseStatus.GOING_AWAY.getCode(), CloseStatus.NO_STATUS_CODE.getCode());

    private final TcpListener listener;
    private final String name;
    private final CloseStatus noListener;

    /**
     * An entry is removed when either side ends. A connect that fails after that is no fault of the listener, and an event
     * loop that has ended takes no task.
     */
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
        ChannelFuture connecting =
                listener.connect(name, new ToWebSocket(session), principal(session), session.getId());
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

    /** The listener has to treat the line as its client's, not as this machine's own. */
    private static Principal principal(WebSocketSession session) {
        return session.getPrincipal() instanceof Principal principal ? principal : Principal.NOBODY;
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
        if (connecting.isDone()) {
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
            if (GRACEFUL.contains(status.getCode())) {
                // From the event loop, so that it comes after the writes that wait there.
                connecting
                        .channel()
                        .eventLoop()
                        .execute(() -> connecting.addListener(done -> end(connecting.channel())));
            } else {
                connecting.channel().close();
            }
        }
    }

    /** Ends the TCP side with a FIN, after everything that was sent before. A close could discard that. */
    private void end(Channel channel) {
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ((DuplexChannel) channel).shutdownOutput());
        Future<?> limit = channel.eventLoop().schedule(() -> reset(channel), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> limit.cancel(false));
    }

    private static void reset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public boolean supportsPartialMessages() {
        return true;
    }

    /** Passes bytes from the listener to the WebSocket, on the TCP connection's event loop. */
    private final class ToWebSocket extends SimpleChannelInboundHandler<ByteBuf> {

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
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            try {
                session.sendMessage(new BinaryMessage(bytes.nioBuffer()));
            } catch (IOException e) {
                // The WebSocket is ending. How it ends decides what becomes of this connection.
                return;
            }
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
            bridged.remove(session);
            session.close(LISTENER_ENDED);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            log.debug("{} ended: {}", context.channel(), cause.toString());
            context.close();
        }
    }
}
