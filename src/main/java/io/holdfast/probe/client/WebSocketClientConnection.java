// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** WebSocket (RFC 6455), over HTTP/2 on a stream (RFC 8441): a text or binary message is a message; pings are answered. */
final class WebSocketClientConnection extends ClientConnection {

    /** How long to wait for the answer to our close frame before the socket is closed. */
    private static final long CLOSE_SECONDS = 2;

    private final Target.WebSocket webSocket;

    // Confined to the event loop: only one close frame is sent.
    private boolean closing;

    private @Nullable DeniedAnswer denial;

    WebSocketClientConnection(Target.WebSocket target, Listener listener, @Nullable BearerToken token) {
        super(target, listener, token);
        this.webSocket = target;
    }

    @Override
    void speak(ChannelPipeline pipeline) {
        if (isCarried()) {
            speakOnStream(pipeline);
            return;
        }
        pipeline.addLast(http(), new Observer(), new HttpObjectAggregator(64 * 1024));
        pipeline.addLast(
                new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                        .webSocketUri(url())
                        .version(WebSocketVersion.V13)
                        .allowExtensions(false)
                        .customHeaders(authorize(new DefaultHttpHeaders()))
                        .maxFramePayloadLength(MAX_MESSAGE)
                        .handleCloseFrames(false)
                        .sendCloseFrame(null)
                        .dropPongFrames(false)
                        .handshakeTimeoutMillis(Client.CONNECT_TIME.toMillis())
                        .build()),
                new WebSocketFrameAggregator(MAX_MESSAGE));
    }

    /** The handshake is another one (RFC 8441), the frames are the same. */
    private void speakOnStream(ChannelPipeline pipeline) {
        pipeline.addLast(
                new ExtendedConnect(webSocket, authorize(new DefaultHttpHeaders()), new Opening()),
                new WebSocket13FrameDecoder(false, false, MAX_MESSAGE),
                new WebSocket13FrameEncoder(true),
                new Utf8FrameValidator(),
                new WebSocketFrameAggregator(MAX_MESSAGE));
    }

    @Override
    void carried(Http2Session carrier) {
        if (carrier.isForOne()) {
            // For the settings. They may have come before this runs: what counts is that the protocol needs them.
            waited(1);
        }
        carrier.afterSettings(() -> {
            if (carrier.takesWebSockets()) {
                super.carried(carrier);
            } else {
                heard(new Ending.Unreachable("the server takes no WebSockets over HTTP/2 (RFC 8441)"));
                over();
            }
        });
    }

    /** The handshake on a stream. */
    private final class Opening implements ExtendedConnect.Listener {

        private @Nullable Head refusal;

        @Override
        public void answered(ChannelHandlerContext context, Head head) {
            head(head);
            if (head.status() == 200) {
                waited(1);
                opened();
            } else {
                refusal = head;
                denial = Denials.isDenial(head.status()) ? new DeniedAnswer(head.status()) : null;
                context.pipeline().addAfter(context.name(), null, new Reason());
            }
        }

        @Override
        public void finished(ChannelHandlerContext context) {
            refused();
        }

        @Override
        public void failed(Throwable cause) {
            WebSocketClientConnection.this.failed(cause);
        }

        private void refused() {
            if (refusal != null) {
                heard(denial == null ? new Ending.Refused(refusal) : denial.denied(token()));
            }
        }

        /** Takes the bytes of a refusal, which are no frames. */
        private final class Reason extends ChannelInboundHandlerAdapter {

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof ByteBuf bytes && denial != null) {
                    denial.add(bytes);
                }
                ReferenceCountUtil.release(message);
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                refused();
                context.fireChannelInactive();
            }
        }
    }

    private URI url() {
        URI url = webSocket.url();
        return URI.create((url.getScheme().equals("https") ? "wss" : "ws")
                + url.toString().substring(url.getScheme().length()));
    }

    /** In front of the handshake handler: sees the handshake's answer, and pings, which that handler answers. */
    private final class Observer extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse response) {
                head(Head.of(response));
                int status = response.status().code();
                denial = Denials.isDenial(status) ? new DeniedAnswer(status) : null;
            } else if (message instanceof HttpContent content && denial != null) {
                denial.add(content.content());
            } else if (message instanceof PingWebSocketFrame) {
                listener().sign(WebSocketClientConnection.this, Listener.Sign.PING);
            }
            context.fireChannelRead(message);
        }

        /** The reason may be cut off. */
        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (denial != null) {
                heard(denial.denied(token()));
            }
            context.fireChannelInactive();
        }
    }

    @Override
    void connected(ChannelHandlerContext context) {
        // The handlers of the handshake start by themselves.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            waited(1);
            opened();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    void received(ChannelHandlerContext context, Object message) {
        switch (message) {
            case PingWebSocketFrame ping -> {
                // Over HTTP/1.1 the handshake's handler has answered it.
                context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                listener().sign(this, Listener.Sign.PING);
            }
            case PongWebSocketFrame ignored -> listener().sign(this, Listener.Sign.PONG);
            case CloseWebSocketFrame frame -> closeReceived(context, frame);
            case WebSocketFrame frame -> messageReceived(frame.content());
            default -> throw new IllegalStateException("not a frame: " + message.getClass());
        }
    }

    private void messageReceived(ByteBuf data) {
        Ending.Denied denied = Denials.ofEvent(data, token());
        if (denied == null) {
            listener().message(this, data);
        } else {
            closeAs(denied);
        }
    }

    private void closeReceived(ChannelHandlerContext context, CloseWebSocketFrame frame) {
        int code = frame.statusCode();
        heard(new Ending.CloseFrame(code < 0 ? 1005 : code, code < 0 ? "" : frame.reasonText()));
        if (!closing) {
            closing = true;
            context.writeAndFlush(frame.retainedDuplicate());
        }
        closeInTime();
    }

    @Override
    public void write(ByteBuf message) {
        channel().write(new TextWebSocketFrame(message));
    }

    @Override
    public void ping() {
        channel().writeAndFlush(new PingWebSocketFrame());
    }

    @Override
    public void close() {
        execute(() -> closeAs(new Ending.Ours()));
    }

    private void closeAs(Ending how) {
        if (!closing) {
            closing = true;
            heard(how);
            channel().writeAndFlush(new CloseWebSocketFrame(1000, ""));
            closeInTime();
        }
    }

    private void closeInTime() {
        channel().eventLoop().schedule(() -> channel().close(), CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    Ending whatWentWrong(Throwable cause) {
        if (cause instanceof WebSocketClientHandshakeException refusal && refusal.response() != null) {
            return denial == null ? new Ending.Refused(Head.of(refusal.response())) : denial.denied(token());
        }
        return super.whatWentWrong(cause);
    }
}
