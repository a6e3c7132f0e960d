// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Lets the handlers behind it see TLS as they see TCP: they come when the handshake is complete, and the peer's close_notify is
 * the end of its input. A FIN without it ends the connection, as what was sent before may not have arrived. Confined to the
 * event loop.
 */
final class TlsEvents extends ChannelInboundHandlerAdapter {

    private static final String TLS_1_2 = "TLSv1.2";

    private final HandshakeFailures failures;

    /** Null when the handshake is complete. */
    private @Nullable Arrival arrival;

    private boolean endsBothSides;
    private boolean inputEnded;
    private boolean broken;

    TlsEvents(Arrival arrival) {
        this.arrival = arrival;
        this.failures = arrival.shared().failures();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case SslHandshakeCompletionEvent handshake -> handshaken(context, handshake);
            case SslCloseCompletionEvent closed -> {
                if (closed.isSuccess()) {
                    inputEnded(context);
                }
            }
            case ChannelInputShutdownEvent fin -> {
                if (!inputEnded) {
                    endWithoutCloseNotify(context);
                }
            }
            default -> context.fireUserEventTriggered(event);
        }
    }

    private void handshaken(ChannelHandlerContext context, SslHandshakeCompletionEvent handshake) {
        Arrival arriving = arrival;
        if (arriving == null) {
            return;
        }
        if (!handshake.isSuccess()) {
            // Netty's handler sends an alert now, and closes.
            arriving.failedOnce(HandshakeFailure.of(handshake.cause()), handshake.cause());
            return;
        }
        arrival = null;
        TlsHandler tls = TlsHandler.of(context.channel());
        if (tls != null) {
            SSLSession session = tls.engine().getSession();
            endsBothSides = session.getProtocol().equals(TLS_1_2);
            arriving.start(arriving.shared().principals().withCertificate(session));
        }
    }

    /**
     * Up to TLS 1.2, close_notify ends both sides (RFC 5246, section 7.2.1): what answers a record has to be sent before the
     * next one is read.
     */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        context.fireChannelRead(message);
        Channel channel = context.channel();
        if (!channel.isWritable() && channel.config().isAutoRead()) {
            // What TLS holds back tells it only after all that can be read was read.
            context.fireChannelWritabilityChanged();
        }
        if (endsBothSides) {
            context.fireChannelReadComplete();
        }
    }

    private void inputEnded(ChannelHandlerContext context) {
        if (!inputEnded && arrival == null) {
            inputEnded = true;
            context.fireChannelReadComplete();
            context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    private void endWithoutCloseNotify(ChannelHandlerContext context) {
        inputEnded = true;
        if (arrival != null) {
            arrival.fail(HandshakeFailure.ABANDONED, null);
        } else {
            failures.failed(context.channel(), HandshakeFailure.TRUNCATED, null);
            context.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (arrival != null) {
            arrival.fail(HandshakeFailure.ABANDONED, null);
        }
        context.fireChannelInactive();
    }

    /** What the peer sent must not look like a fault of the service. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Arrival arriving = arrival;
        if (arriving != null) {
            // Netty's handler closes if it is about TLS.
            if (cause instanceof DecoderException) {
                arriving.failedOnce(HandshakeFailure.of(cause), cause);
            } else {
                arriving.fail(HandshakeFailure.of(cause), cause);
            }
        } else if (cause instanceof DecoderException) {
            // Netty's handler may fail again with what has come since.
            if (!broken) {
                broken = true;
                failures.failed(context.channel(), HandshakeFailure.RECORD, cause);
                context.fireExceptionCaught(new IOException("TLS failed", cause));
            }
        } else {
            // After a reset, the end of the input is no news.
            inputEnded |= cause instanceof IOException;
            context.fireExceptionCaught(cause);
        }
    }
}
