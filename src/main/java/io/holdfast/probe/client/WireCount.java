// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Counts the bytes read from a socket and written to it, with headers, framing and TLS records. */
final class WireCount extends ChannelDuplexHandler {

    // Written by the event loop only.
    private volatile long in;
    private volatile long out;
    private volatile long firstByteAt;
    private volatile long lastByteAt;

    long in() {
        return in;
    }

    long out() {
        return out;
    }

    /** {@link System#nanoTime} of the first byte read; 0 before it. */
    long firstByteAt() {
        return firstByteAt;
    }

    /** {@link System#nanoTime} of the last byte read; 0 before it. */
    long lastByteAt() {
        return lastByteAt;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            long now = System.nanoTime();
            if (in == 0) {
                firstByteAt = now;
            }
            lastByteAt = now;
            in += bytes.readableBytes();
        }
        context.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            out += bytes.readableBytes();
        }
        context.write(message, promise);
    }
}
