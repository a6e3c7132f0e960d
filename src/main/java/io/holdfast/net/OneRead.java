// SPDX-License-Identifier: Apache-2.0
package io.holdfast.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Reads once each time it is asked to, into a buffer of fixed size. What is known of a read holds only until it has been handled,
 * so that the sockets of an event loop share one handle.
 */
public final class OneRead implements RecvByteBufAllocator {

    private final FastThreadLocal<ExtendedHandle> handle = new FastThreadLocal<>() {
        @Override
        protected ExtendedHandle initialValue() {
            return new Read();
        }
    };

    private final int size;

    /** @param size in bytes */
    public OneRead(int size) {
        this.size = size;
    }

    /** Called on the event loop of the socket. */
    @Override
    public ExtendedHandle newHandle() {
        return handle.get();
    }

    private final class Read implements ExtendedHandle {

        private int attempted;
        private int last;

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.ioBuffer(size);
        }

        @Override
        public int guess() {
            return size;
        }

        @Override
        public void reset(ChannelConfig config) {}

        @Override
        public void incMessagesRead(int messages) {}

        @Override
        public void lastBytesRead(int bytes) {
            last = bytes;
        }

        @Override
        public int lastBytesRead() {
            return last;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attempted = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attempted;
        }

        @Override
        public boolean continueReading() {
            return false;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier mayBeMore) {
            return false;
        }

        @Override
        public void readComplete() {}
    }
}
