package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** HTTP keep-alive: one POST per message, the next one after the answer. */
final class PostConnection extends ClientConnection {

    private final Target.HttpPost post;

    // Confined to the event loop.
    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    private boolean asking;

    PostConnection(Target.HttpPost target, Listener listener, @Nullable BearerToken token) {
        super(target, listener, token);
        this.post = target;
    }

    @Override
    void speak(ChannelPipeline pipeline) {
        pipeline.addLast(new HttpClientCodec(), new HttpObjectAggregator(MAX_MESSAGE));
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
        channel().writeAndFlush(request);
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
            context.close();
            return;
        }
        asking = false;
        boolean last = !HttpUtil.isKeepAlive(response);
        if (last) {
            heard(new Ending.Complete());
        }
        listener().message(this, response.content());
        if (last) {
            context.close();
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
