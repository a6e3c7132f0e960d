// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.channel.Broker;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The announcements of one listener. They arrive before the head is known. Until then they are queued; those up to the
 * head are dropped. Safe from any thread.
 */
final class RedisFeed implements Broker.Feed, PubSubSubscriptions.Listener {

    private final String channel;
    private final Broker.Listener listener;
    private final Runnable onClose;

    private @Nullable Position head;
    private final List<Message> waiting = new ArrayList<>();
    private boolean interrupted;
    private boolean closed;

    /** @param onClose called when the listener leaves; may be called again */
    RedisFeed(String channel, Broker.Listener listener, Consumer<RedisFeed> onClose) {
        this.channel = channel;
        this.listener = listener;
        this.onClose = () -> onClose.accept(this);
    }

    /** Starts to hand on messages after {@code now}. */
    synchronized RedisFeed begin(Position now) {
        head = now;
        waiting.forEach(this::announced);
        waiting.clear();
        if (interrupted) {
            interrupted();
        }
        return this;
    }

    @Override
    public void announced(byte[] announcement) {
        announced(MessageCodec.announced(channel, announcement));
    }

    private synchronized void announced(Message message) {
        if (closed) {
            return;
        }
        if (head == null) {
            waiting.add(message);
        } else if (!message.position().epoch().equals(head.epoch())
                || message.position().isAfter(head)) {
            listener.announced(message);
        }
    }

    @Override
    public synchronized void interrupted() {
        if (head == null) {
            interrupted = true;
        } else if (!closed) {
            listener.interrupted();
        }
    }

    @Override
    public synchronized Position head() {
        if (head == null) {
            throw new IllegalStateException("It has not begun");
        }
        return head;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        onClose.run();
    }
}
