// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Tests whether a connection works in both directions: what is sent, and how the answer is recognised. */
sealed interface Question {

    /** Sends it. Returns how much must come back. */
    long put(ClientConnection connection, boolean first);

    /** How much of the answer a message is. */
    default long answered(ByteBuf message) {
        return 0;
    }

    /** How much of the answer a ping, pong or comment is. */
    default long answered(Listener.Sign sign) {
        return 0;
    }

    /**
     * Raw TCP: each byte comes back.
     *
     * @param hello the number of bytes sent first, by which the service's list shows which connection it is
     */
    record Bytes(int hello) implements Question {

        @Override
        public long put(ClientConnection connection, boolean first) {
            int length = first ? hello : 1;
            connection.send(Unpooled.wrappedBuffer(".".repeat(length).getBytes(StandardCharsets.US_ASCII)));
            return length;
        }

        @Override
        public long answered(ByteBuf message) {
            return message.readableBytes();
        }
    }

    /** WebSocket, or a request over HTTP: a text comes back. */
    record Text() implements Question {

        private static final String SAID = "still there?";

        @Override
        public long put(ClientConnection connection, boolean first) {
            connection.send(Unpooled.copiedBuffer(SAID, StandardCharsets.UTF_8));
            return 1;
        }

        @Override
        public long answered(ByteBuf message) {
            return message.toString(StandardCharsets.UTF_8).equals(SAID) ? 1 : 0;
        }
    }

    /** WebSocket: a ping is answered by every server. */
    record Ping() implements Question {

        @Override
        public long put(ClientConnection connection, boolean first) {
            connection.ping();
            return 1;
        }

        @Override
        public long answered(Listener.Sign sign) {
            return sign == Listener.Sign.PONG ? 1 : 0;
        }
    }

    /** Lines: a ping is answered. */
    record Line() implements Question {

        private static final ByteBuf PONG =
                Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("{\"type\":\"pong\"", StandardCharsets.UTF_8));

        @Override
        public long put(ClientConnection connection, boolean first) {
            connection.send(Unpooled.copiedBuffer("{\"type\":\"ping\"}", StandardCharsets.UTF_8));
            return 1;
        }

        @Override
        public long answered(ByteBuf message) {
            int length = PONG.readableBytes();
            return message.readableBytes() >= length
                            && ByteBufUtil.equals(message, message.readerIndex(), PONG, 0, length)
                    ? 1
                    : 0;
        }
    }
}
