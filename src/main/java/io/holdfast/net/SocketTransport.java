// SPDX-License-Identifier: Apache-2.0
package io.holdfast.net;

import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import io.netty.channel.ChannelException;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.channel.uring.IoUringTcpInfo;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** How Netty talks to the kernel, the cheapest first. */
@SuppressWarnings("ImmutableEnumChecker") // its functions only look at the machine
public enum SocketTransport {
    IO_URING(
            "io_uring",
            IoUring::isAvailable,
            IoUringIoHandler::newFactory,
            IoUringServerSocketChannel.class,
            IoUringSocketChannel.class),
    EPOLL(
            "epoll",
            Epoll::isAvailable,
            EpollIoHandler::newFactory,
            EpollServerSocketChannel.class,
            EpollSocketChannel.class),
    NIO("nio", () -> true, NioIoHandler::newFactory, NioServerSocketChannel.class, NioSocketChannel.class);

    static {
        // A multi-shot accept takes file descriptors for connections that nobody has counted yet.
        System.setProperty("io.netty.iouring.acceptMultiShotEnabled", "false");
        // Netty drops an event that comes while a read is in progress. A multi-shot poll does not tell it again, so
        // that
        // the end of a peer was never seen.
        System.setProperty("io.netty.iouring.pollAddMultishotEnabled", "false");
    }

    private static final String PROPERTY = "holdfast.tcp.transport";

    /** The state of Linux's {@code tcp_info} after a reset. */
    private static final int TCP_CLOSE = 7;

    /** The kernel counts time in ticks of up to 10 ms. */
    private static final int TICK_MILLIS = 20;

    private final String label;
    private final BooleanSupplier available;
    private final Supplier<IoHandlerFactory> ioHandler;
    private final Class<? extends ServerSocketChannel> serverChannel;
    private final Class<? extends SocketChannel> channel;

    SocketTransport(
            String label,
            BooleanSupplier available,
            Supplier<IoHandlerFactory> ioHandler,
            Class<? extends ServerSocketChannel> serverChannel,
            Class<? extends SocketChannel> channel) {
        this.label = label;
        this.available = available;
        this.ioHandler = ioHandler;
        this.serverChannel = serverChannel;
        this.channel = channel;
    }

    /** The first one that works on this machine: kernels may lack io_uring, and containers often forbid it. */
    public static SocketTransport best() {
        return Stream.of(values())
                .filter(SocketTransport::isAvailable)
                .findFirst()
                .orElse(NIO);
    }

    /**
     * This one, which was asked for.
     *
     * @throws InvalidSettingException if it does not work on this machine
     */
    public SocketTransport checked() {
        if (!isAvailable()) {
            throw new InvalidSettingException(
                    PROPERTY,
                    label,
                    "does not work on this machine",
                    List.of(new Example(PROPERTY, "auto"), new Example(PROPERTY, best().label)));
        }
        return this;
    }

    /**
     * Whether the peer has reset the connection. Netty does not say so after the peer's FIN; with io_uring, nor while reading is
     * paused. NIO cannot tell.
     */
    public static boolean isReset(SocketChannel channel) {
        try {
            return switch (channel) {
                case IoUringSocketChannel socket
                when socket.isActive() -> socket.tcpInfo().state() == TCP_CLOSE;
                case EpollSocketChannel socket
                when socket.isActive() -> socket.tcpInfo().state() == TCP_CLOSE;
                default -> false;
            };
        } catch (ChannelException e) {
            // It was closed meanwhile.
            return false;
        }
    }

    /**
     * Whether the peer's machine has acknowledged nothing for {@code limit}, although something was sent. NIO cannot tell.
     */
    public static boolean hasVanished(SocketChannel channel, Duration limit) {
        try {
            return switch (channel) {
                case IoUringSocketChannel socket
                when socket.isActive() -> {
                    IoUringTcpInfo info = socket.tcpInfo();
                    yield isSilent(info.unacked(), info.lastAckRecv(), limit);
                }
                case EpollSocketChannel socket
                when socket.isActive() -> {
                    EpollTcpInfo info = socket.tcpInfo();
                    yield isSilent(info.unacked(), info.lastAckRecv(), limit);
                }
                default -> false;
            };
        } catch (ChannelException e) {
            // It was closed meanwhile.
            return false;
        }
    }

    private static boolean isSilent(long unacknowledged, long millisSinceAcknowledgement, Duration limit) {
        return unacknowledged > 0 && millisSinceAcknowledgement >= limit.toMillis() - TICK_MILLIS;
    }

    public boolean isAvailable() {
        return available.getAsBoolean();
    }

    public String label() {
        return label;
    }

    IoHandlerFactory ioHandler() {
        return ioHandler.get();
    }

    public Class<? extends ServerSocketChannel> serverChannel() {
        return serverChannel;
    }

    public Class<? extends SocketChannel> channel() {
        return channel;
    }
}
