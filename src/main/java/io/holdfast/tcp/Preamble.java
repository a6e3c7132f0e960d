// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.access.Principal;
import io.holdfast.connection.AddressRange;
import io.holdfast.net.LastWrite;
import io.holdfast.time.Cancellable;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a connection begins with: the header of a proxy, which a decoder before this one reads, and then TLS or not. It
 * leaves the pipeline when it knows. Confined to the event loop.
 */
final class Preamble extends ByteToMessageDecoder {

    /** The type of the record that a TLS connection begins with (RFC 8446, section 5.1). */
    static final int HANDSHAKE_RECORD = 22;

    /**
     * A client of TLS speaks first, so one that has been silent for so long does not use it. Longer than a lost packet takes
     * until it is sent again.
     */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final Arrival arrival;
    private @Nullable Cancellable silence;

    Preamble(Arrival arrival) {
        this.arrival = arrival;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        arrival.begin();
        InetSocketAddress remote = arrival.channel().remoteAddress();
        TcpPrincipals principals = arrival.shared().principals();
        if (!arrival.listener().proxied()) {
            arrived(context, remote, principals.of(remote));
        } else if (!arrival.shared().trusted().contain(remote)) {
            arrival.fail(HandshakeFailure.STRANGER, null);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HAProxyMessage header) {
            try {
                read(context, header);
            } finally {
                header.release();
            }
        } else {
            super.channelRead(context, message);
        }
    }

    /** A header that names nobody is of the proxy itself, or of a client that it does not know. */
    private void read(ChannelHandlerContext context, HAProxyMessage header) {
        InetSocketAddress proxy = arrival.channel().remoteAddress();
        InetAddress named = header.sourceAddress() == null ? null : AddressRange.address(header.sourceAddress());
        InetSocketAddress client = named == null ? null : new InetSocketAddress(named, header.sourcePort());
        arrived(
                context,
                client == null ? proxy : client,
                arrival.shared().principals().behindProxy(proxy, client));
    }

    private void arrived(ChannelHandlerContext context, InetSocketAddress remote, Principal principal) {
        if (!arrival.admit(remote, principal)) {
            return;
        }
        ListenerTls tls = arrival.listener().tls();
        if (tls == null) {
            plain(context);
        } else if (tls.isOptional()) {
            Duration limit = arrival.shared().handshake();
            silence = arrival.after(SILENCE.compareTo(limit) < 0 ? SILENCE : limit.dividedBy(2), () -> {
                if (!context.isRemoved()) {
                    plain(context);
                }
            });
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf input, List<Object> none) {
        ListenerTls tls = arrival.listener().tls();
        if (tls == null || !arrival.isAdmitted()) {
            input.skipBytes(input.readableBytes());
        } else if (input.getUnsignedByte(input.readerIndex()) == HANDSHAKE_RECORD) {
            context.pipeline()
                    .addAfter(context.name(), null, new TlsEvents(arrival))
                    .addAfter(context.name(), null, tls.newHandler())
                    .addAfter(context.name(), null, LastWrite.INSTANCE);
            leave(context);
        } else if (tls.isOptional()) {
            plain(context);
        } else {
            input.skipBytes(input.readableBytes());
            arrival.fail(HandshakeFailure.PLAIN_TEXT, null);
        }
    }

    private void plain(ChannelHandlerContext context) {
        arrival.start(null);
        leave(context);
    }

    private void leave(ChannelHandlerContext context) {
        if (silence != null) {
            silence.cancel();
        }
        context.pipeline().remove(this);
    }

    /** A peer that ends its side at once may still wait for our end. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE) {
            context.fireUserEventTriggered(event);
            return;
        }
        ListenerTls tls = arrival.listener().tls();
        if (arrival.isAdmitted() && tls != null && tls.isOptional()) {
            plain(context);
            context.fireUserEventTriggered(event);
        } else {
            arrival.fail(HandshakeFailure.ABANDONED, null);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        arrival.fail(HandshakeFailure.ABANDONED, null);
        if (silence != null) {
            silence.cancel();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        arrival.fail(
                cause instanceof HAProxyProtocolException ? HandshakeFailure.PROXY_HEADER : HandshakeFailure.of(cause),
                cause);
    }
}
