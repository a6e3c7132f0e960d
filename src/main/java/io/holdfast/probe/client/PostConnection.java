// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** HTTP keep-alive: one POST per message, the next one after the answer. */
final class PostConnection extends ClientConnection {

    private final Target.HttpPost post;

    // Confined to the event loop.
    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    private boolean asking;
    private @Nullable Channel stream;

    PostConnection(Target.HttpPost target, Listener listener, @Nullable BearerToken token) {
        super(target, listener, token);
        this.post = target;
    }

    @Override
    void speak(ChannelPipeline pipeline) {
        pipeline.addLast(http(), new HttpObjectAggregator(MAX_MESSAGE));
    }

    /** Each request has a stream of its own. */
    @Override
    void carried(Http2Session carrier) {
        opened();
    }

    @Override
    void connected(ChannelHandlerContext context) {
        opened();
    }

    @Override
    public void write(ByteBuf message) {
        if (channel().eventLoop().inEventLoop()) {
            ask(message);
        } else {
            execute(() -> ask(message));
        }
    }

    private void ask(ByteBuf message) {
        if (asking) {
            waiting.add(message);
            return;
        }
        asking = true;
        DefaultFullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, post.path(), message);
        authorize(request.headers())
                .set(HttpHeaderNames.HOST, post.authority())
                .set(HttpHeaderNames.CONTENT_TYPE, post.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, message.readableBytes());
        if (isCarried()) {
            session().open(this, pipeline -> {
                speak(pipeline);
                pipeline.addLast(new Answer(request));
            });
        } else {
            channel().writeAndFlush(request);
        }
    }

    /** The end of the stream of one request. */
    private final class Answer extends ChannelInboundHandlerAdapter {

        private final DefaultFullHttpRequest request;
        private boolean isAnswered;

        Answer(DefaultFullHttpRequest request) {
            this.request = request;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            stream = context.channel();
            context.writeAndFlush(request).addListener(sent -> {
                if (!sent.isSuccess()) {
                    failed(sent.cause());
                }
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof FullHttpResponse) {
                    isAnswered = true;
                    received(context, message);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ResetFrame reset && !isAnswered) {
                heard(reset(reset.errorCode()));
            }
            ReferenceCountUtil.release(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            PostConnection.this.exceptionCaught(context, cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!isAnswered || isEnding()) {
                over();
            }
        }
    }

    @Override
    void hangUp() {
        Channel open = stream;
        if (isCarried() && open != null && open.isActive()) {
            open.close();
        } else {
            super.hangUp();
        }
    }

    @Override
    void received(ChannelHandlerContext context, Object message) {
        FullHttpResponse response = (FullHttpResponse) message;
        if (head() == null) {
            head(Head.of(response));
        }
        if (response.decoderResult().isFailure()) {
            exceptionCaught(context, response.decoderResult().cause());
            return;
        }
        if (response.status().codeClass() != HttpStatusClass.SUCCESS) {
            heard(refusal(response));
            hangUp();
            return;
        }
        asking = false;
        boolean last = isCarried() ? session().isOver() : !HttpUtil.isKeepAlive(response);
        if (last) {
            heard(new Ending.Complete());
        }
        listener().message(this, response.content());
        if (last) {
            hangUp();
            return;
        }
        ByteBuf next = waiting.poll();
        if (next != null) {
            ask(next);
        }
    }

    private Ending refusal(FullHttpResponse response) {
        int status = response.status().code();
        if (!Denials.isDenial(status)) {
            return new Ending.Refused(Head.of(response));
        }
        DeniedAnswer answer = new DeniedAnswer(status);
        answer.add(response.content());
        return answer.denied(token());
    }

    /** HTTP has no goodbye. */
    @Override
    public void close() {
        abort();
    }
}
