// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A streaming response: each line of its body, or each event, is a message. */
final class StreamClientConnection extends ClientConnection {

    /** How long to wait for the end of an answer that refuses access. */
    private static final long REFUSAL_SECONDS = 2;

    private final Target.HttpStream stream;
    private final @Nullable EventLines events;

    StreamClientConnection(Target.HttpStream target, Listener listener, @Nullable BearerToken token) {
        super(target, listener, token);
        this.stream = target;
        this.events = target.accept().startsWith("text/event-stream") ? new EventLines() : null;
    }

    @Override
    void speak(ChannelPipeline pipeline) {
        pipeline.addLast(http(), new Body(), new LineBasedFrameDecoder(MAX_MESSAGE));
    }

    @Override
    void connected(ChannelHandlerContext context) {
        DefaultFullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, stream.path());
        authorize(request.headers())
                .set(HttpHeaderNames.HOST, stream.authority())
                .set(HttpHeaderNames.ACCEPT, stream.accept());
        if (stream.lastEventId() != null) {
            request.headers().set("Last-Event-ID", stream.lastEventId());
        }
        context.writeAndFlush(request).addListener(sent -> {
            if (!sent.isSuccess() && isCarried()) {
                failed(sent.cause());
            }
        });
    }

    /** Parses the response: handles its head, and passes the bytes of its body on to the line decoder. */
    private final class Body extends ChannelInboundHandlerAdapter {

        private boolean accepted;
        private boolean insideLine;
        private @Nullable DeniedAnswer denial;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            HttpObject part = (HttpObject) message;
            if (part.decoderResult().isFailure()) {
                ReferenceCountUtil.release(part);
                context.fireExceptionCaught(part.decoderResult().cause());
                return;
            }
            if (part instanceof HttpResponse response) {
                accepted = isAccepted(response);
                if (!accepted) {
                    refused(context, response);
                }
            }
            if (part instanceof HttpContent content) {
                body(context, content.content());
            }
            if (part instanceof LastHttpContent && accepted) {
                endLine(context);
                heard(new Ending.Complete());
                context.close();
            } else if (part instanceof LastHttpContent) {
                denied(context);
            }
        }

        /** Who refuses access says why in the body. */
        private void refused(ChannelHandlerContext context, HttpResponse response) {
            if (Denials.isDenial(response.status().code())) {
                denial = new DeniedAnswer(response.status().code());
                context.executor().schedule(() -> denied(context), REFUSAL_SECONDS, TimeUnit.SECONDS);
            } else {
                heard(new Ending.Refused(Head.of(response)));
                context.close();
            }
        }

        private void denied(ChannelHandlerContext context) {
            if (denial != null) {
                heard(denial.denied(token()));
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            denied(context);
            context.fireChannelInactive();
        }

        /** The body of an error is not a message. */
        private void body(ChannelHandlerContext context, ByteBuf bytes) {
            if (!accepted) {
                if (denial != null) {
                    denial.add(bytes);
                }
                bytes.release();
                return;
            }
            if (bytes.isReadable()) {
                insideLine = bytes.getByte(bytes.writerIndex() - 1) != '\n';
            }
            context.fireChannelRead(bytes);
        }

        /** The last line of a body may have no line end. */
        private void endLine(ChannelHandlerContext context) {
            if (insideLine) {
                context.fireChannelRead(ByteBufUtil.writeAscii(context.alloc(), "\n"));
            }
        }

        private boolean isAccepted(HttpResponse response) {
            head(Head.of(response));
            boolean accepted = response.status().equals(HttpResponseStatus.OK);
            if (accepted) {
                opened();
            }
            return accepted;
        }
    }

    @Override
    void received(ChannelHandlerContext context, Object message) {
        ByteBuf line = (ByteBuf) message;
        if (events != null) {
            if (events.isComment(line, this, listener())) {
                listener().sign(this, Listener.Sign.COMMENT);
            }
        } else if (line.isReadable()) {
            listener().message(this, line);
        } else {
            listener().sign(this, Listener.Sign.COMMENT);
        }
    }

    @Override
    public void write(ByteBuf message) {
        throw new UnsupportedOperationException("a stream takes nothing");
    }

    /** A client cannot send on a stream. */
    @Override
    public void close() {
        abort();
    }
}
