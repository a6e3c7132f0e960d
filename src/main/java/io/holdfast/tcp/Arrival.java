// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.access.Principal;
import io.holdfast.connection.Admission;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.ConnectionRequest;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.Goodbye;
import io.holdfast.time.Cancellable;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection before its listener's protocol. It takes its permits when its address is known, so that nothing is spent on a
 * handshake of one that is refused. One deadline holds for all that comes before the protocol. Confined to the event loop.
 */
final class Arrival {

    private final Pipelines shared;
    private final ListenerSettings listener;
    private final SocketChannel channel;
    private @Nullable Connection admitted;
    private @Nullable Cancellable deadline;
    private boolean over;

    Arrival(Pipelines shared, ListenerSettings listener, SocketChannel channel) {
        this.shared = shared;
        this.listener = listener;
        this.channel = channel;
    }

    /** The socket is open. */
    void begin() {
        shared.arrivals().add(channel);
        deadline = after(shared.handshake(), () -> fail(HandshakeFailure.TIMEOUT, null));
    }

    /** Has {@code task} done by the event loop, unless this is over before. */
    Cancellable after(Duration delay, Runnable task) {
        return shared.timers().after(delay, () -> {
            try {
                channel.eventLoop().execute(() -> {
                    if (!over) {
                        task.run();
                    }
                });
            } catch (RejectedExecutionException e) {
                // The listeners have stopped, and closed it.
            }
        });
    }

    /**
     * Its peer is known.
     *
     * @param principal who it is, without a certificate
     * @return whether it was admitted; if not, it is closed
     */
    boolean admit(InetSocketAddress remote, Principal principal) {
        ConnectionRequest request = new ConnectionRequest(
                Transport.TCP, shared.kind(listener.protocol()), remote, null, listener.carrier(), principal);
        switch (shared.connections().admit(request)) {
            case Admission.Refused refused -> {
                end(CloseReason.LIMIT);
                channel.close();
            }
            case Admission.Admitted(Connection connection) -> admitted = connection;
        }
        return admitted != null;
    }

    boolean isAdmitted() {
        return admitted != null && !over;
    }

    ListenerSettings listener() {
        return listener;
    }

    SocketChannel channel() {
        return channel;
    }

    Pipelines shared() {
        return shared;
    }

    /**
     * The listener's protocol begins: adds its handlers at the end of the pipeline.
     *
     * @param owner of the client's certificate; null for none
     */
    void start(@Nullable Principal owner) {
        Connection connection = admitted;
        if (over || connection == null) {
            return;
        }
        finish();
        if (owner != null) {
            connection.become(owner);
        }
        shared.addProtocol(listener, channel, connection.principal(), connection.label())
                .start(connection);
    }

    /** It ends without its protocol: counted, once, and closed. */
    void fail(HandshakeFailure failure, @Nullable Throwable cause) {
        if (failedOnce(failure, cause)) {
            if (failure == HandshakeFailure.PLAIN_TEXT && listener.protocol() == TcpProperties.Protocol.LINES) {
                Goodbye goodbye = Goodbye.of(failure.reason());
                channel.writeAndFlush(Unpooled.wrappedBuffer(LineFraming.INSTANCE.goodbye(goodbye)))
                        .addListener(ChannelFutureListener.CLOSE);
            } else {
                channel.close();
            }
        }
    }

    /** As {@link #fail}; whoever calls it closes the channel. */
    boolean failedOnce(HandshakeFailure failure, @Nullable Throwable cause) {
        if (over) {
            return false;
        }
        shared.failures().failed(channel, failure, cause);
        end(failure.reason());
        return true;
    }

    private void end(CloseReason reason) {
        finish();
        if (admitted != null) {
            admitted.closed(reason);
        }
    }

    private void finish() {
        over = true;
        shared.arrivals().remove(channel);
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
