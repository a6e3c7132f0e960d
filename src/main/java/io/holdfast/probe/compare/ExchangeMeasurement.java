// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * One connection of a comparison: sends a message when the previous one was answered, and closes after the last. Confined
 * to its event loop, but for {@link #ended}.
 */
final class ExchangeMeasurement implements Listener {

    private final Way way;
    private final ByteBuf message;
    private final int messages;
    private final Tally tally;
    private final CompletableFuture<Ending> ended = new CompletableFuture<>();

    private int answered;
    private int received;
    private long firstSentAt;
    private long sentAt;
    private long answeredAt;
    private boolean wrong;
    private Bytes afterFirst = Bytes.NONE;
    private Bytes afterLast = Bytes.NONE;

    ExchangeMeasurement(Way way, String message, int messages, Tally tally) {
        this.way = way;
        this.message = Unpooled.copiedBuffer(message, StandardCharsets.US_ASCII);
        this.messages = messages;
        this.tally = tally;
    }

    /** The ending: {@link Ending.Ours} if all messages were answered. */
    CompletableFuture<Ending> ended() {
        return ended;
    }

    @Override
    public void opened(ClientConnection connection) {
        firstSentAt = System.nanoTime();
        send(connection);
    }

    private void send(ClientConnection connection) {
        received = 0;
        sentAt = System.nanoTime();
        connection.send(message.retainedDuplicate());
    }

    @Override
    public void message(ClientConnection connection, ByteBuf data) {
        int length = data.readableBytes();
        wrong |= answered == messages
                || received + length > message.readableBytes()
                || !ByteBufUtil.equals(data, data.readerIndex(), message, received, length);
        received += length;
        if (wrong) {
            connection.abort();
        } else if (received == message.readableBytes()) {
            answered(connection);
        }
    }

    private void answered(ClientConnection connection) {
        answeredAt = System.nanoTime();
        tally.answered(answeredAt - (way.kept() ? sentAt : connection.dialedAt()));
        answered++;
        afterLast = new Bytes(connection.bytesOut(), connection.bytesIn());
        if (answered == 1) {
            afterFirst = afterLast;
        }
        if (answered == messages) {
            connection.close();
        } else if (!connection.isEnding()) {
            send(connection);
        }
    }

    @Override
    public void ended(ClientConnection connection, Ending ending) {
        if (wrong) {
            ended.complete(new Ending.Malformed("what came back is not what was sent"));
        } else if (answered < messages) {
            ended.complete(ending);
        } else {
            long busy = way.kept() ? answeredAt - firstSentAt : connection.endedAt() - connection.dialedAt();
            tally.ended(connection, messages, busy, afterFirst, afterLast);
            ended.complete(new Ending.Ours());
        }
    }
}
