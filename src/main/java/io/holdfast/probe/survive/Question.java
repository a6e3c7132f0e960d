package io.holdfast.probe.survive;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** What is said on a connection to see that it carries something both ways, and how the answer is known. */
sealed interface Question {

    /** Says it; returns how much has to come back. */
    long put(ClientConnection conversation, boolean first);

    /** How much of that a message is. */
    default long answered(ByteBuf message) {
        return 0;
    }

    /** How much of that a sign of life is. */
    default long answered(Listener.Sign sign) {
        return 0;
    }

    /**
     * Raw TCP: each byte comes back.
     *
     * @param hello the number of bytes said first, by which the service's list of connections tells them apart
     */
    record Bytes(int hello) implements Question {

        @Override
        public long put(ClientConnection conversation, boolean first) {
            int length = first ? hello : 1;
            conversation.send(Unpooled.wrappedBuffer(".".repeat(length).getBytes(StandardCharsets.US_ASCII)));
            return length;
        }

        @Override
        public long answered(ByteBuf message) {
            return message.readableBytes();
        }
    }

    /** WebSocket: a text comes back. */
    record Text() implements Question {

        private static final String SAID = "still there?";

        @Override
        public long put(ClientConnection conversation, boolean first) {
            conversation.send(Unpooled.copiedBuffer(SAID, StandardCharsets.UTF_8));
            return 1;
        }

        @Override
        public long answered(ByteBuf message) {
            return message.toString(StandardCharsets.UTF_8).equals(SAID) ? 1 : 0;
        }
    }

    /** WebSocket: a ping is answered, by whatever server. */
    record Ping() implements Question {

        @Override
        public long put(ClientConnection conversation, boolean first) {
            conversation.ping();
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
        public long put(ClientConnection conversation, boolean first) {
            conversation.send(Unpooled.copiedBuffer("{\"type\":\"ping\"}", StandardCharsets.UTF_8));
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
