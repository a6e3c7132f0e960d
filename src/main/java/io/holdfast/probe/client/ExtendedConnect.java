// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;

/** Opens a WebSocket on a stream (RFC 8441, section 5); then its DATA frames are bytes of the WebSocket. */
final class ExtendedConnect extends ChannelDuplexHandler {

    /** Receives what happens. */
    interface Listener {

        /** The answer. If its status is not 200, the bytes that follow are a reason. */
        void answered(ChannelHandlerContext context, Head head);

        /** The server sends nothing more. */
        void finished(ChannelHandlerContext context);

        /** The request was not sent. */
        void failed(Throwable cause);
    }

    private final Http2Headers request;
    private final Listener listener;

    /** @param authorization header fields to send besides those of the handshake */
    ExtendedConnect(Target.WebSocket target, HttpHeaders authorization, Listener listener) {
        this.request = HttpHeads.connect(target, authorization);
        this.listener = listener;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(new DefaultHttp2HeadersFrame(request)).addListener(sent -> {
            if (!sent.isSuccess()) {
                listener.failed(sent.cause());
            }
        });
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (message) {
            case Http2HeadersFrame headers -> {
                Head head = HttpHeads.of(headers.headers());
                if (head != null && head.status() >= 200) {
                    listener.answered(context, head);
                }
                finish(context, headers.isEndStream());
            }
            case Http2DataFrame data -> {
                context.fireChannelRead(data.content());
                finish(context, data.isEndStream());
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void finish(ChannelHandlerContext context, boolean isEnd) {
        if (isEnd) {
            listener.finished(context);
            // The orderly end of the stream, as FIN is that of TCP (RFC 8441, section 5).
            context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new DefaultHttp2DataFrame(bytes) : message, promise);
    }
}
