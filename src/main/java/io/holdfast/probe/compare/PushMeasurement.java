// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber, and a publisher that sends the next message when the subscriber received the previous one. Confined to
 * the event loop of its client, except for {@link #ended}.
 */
final class PushMeasurement implements Listener {

    private final Client client;
    private final Push way;
    private final String message;
    private final int messages;
    private final PushTally tally;
    private final CompletableFuture<Ending> ended = new CompletableFuture<>();

    private @Nullable ClientConnection publisher;
    private boolean isAnswered;
    private boolean isArrived;
    private int arrived;
    private long sentAt;
    private long bytesAtFirst;
    private long bytesAtLast;

    PushMeasurement(Client client, Push way, String message, int messages, PushTally tally) {
        this.client = client;
        this.way = way;
        this.message = message;
        this.messages = messages;
        this.tally = tally;
    }

    /** The ending: {@link Ending.Ours} if all messages arrived. */
    CompletableFuture<Ending> ended() {
        return ended;
    }

    @Override
    public void opened(ClientConnection subscriber) {
        if (way.hello() != null) {
            subscriber.send(Unpooled.copiedBuffer(way.hello(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void message(ClientConnection subscriber, ByteBuf data) {
        String text = data.toString(StandardCharsets.UTF_8);
        if (publisher != null && !isArrived && text.contains(message)) {
            arrived(subscriber);
        } else if (publisher == null && way.isReady(text)) {
            publisher = client.open(way.publish(), new Publisher(subscriber));
        }
    }

    private void arrived(ClientConnection subscriber) {
        tally.arrived(System.nanoTime() - sentAt);
        bytesAtLast = subscriber.bytesIn();
        bytesAtFirst = arrived == 0 ? bytesAtLast : bytesAtFirst;
        arrived++;
        isArrived = true;
        goOn(subscriber);
    }

    private void goOn(ClientConnection subscriber) {
        if (!isArrived || !isAnswered || publisher == null) {
            return;
        }
        if (arrived == messages) {
            publisher.close();
            subscriber.close();
        } else {
            publish(publisher);
        }
    }

    private void publish(ClientConnection open) {
        isArrived = false;
        isAnswered = false;
        sentAt = System.nanoTime();
        open.send(Unpooled.copiedBuffer(message, StandardCharsets.US_ASCII));
    }

    @Override
    public void ended(ClientConnection subscriber, Ending ending) {
        if (arrived == messages) {
            tally.ended(messages - 1, bytesAtLast - bytesAtFirst);
        }
        ended.complete(arrived == messages ? new Ending.Ours() : ending);
        if (publisher != null) {
            publisher.abort();
        }
    }

    /** The publishing connection. */
    private final class Publisher implements Listener {

        private final ClientConnection subscriber;

        Publisher(ClientConnection subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void opened(ClientConnection open) {
            publisher = open;
            publish(open);
        }

        @Override
        public void message(ClientConnection open, ByteBuf answer) {
            isAnswered = true;
            goOn(subscriber);
        }

        @Override
        public void ended(ClientConnection open, Ending ending) {
            if (arrived < messages) {
                ended.complete(ending);
                subscriber.abort();
            }
        }
    }
}
