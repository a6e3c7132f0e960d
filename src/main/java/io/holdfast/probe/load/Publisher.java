// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One connection that publishes messages by POST, one at a time. Safe from any thread, as {@link EchoLoadConnection}. */
final class Publisher implements Listener {

    /** A message that waits to be published. */
    private record Message(int number, long moment) {}

    private final Fan fan;
    private final Queue<Message> due = new ArrayDeque<>();
    private volatile @Nullable ClientConnection connection;
    private @Nullable Message asked;

    Publisher(Fan fan) {
        this.fan = fan;
    }

    /** Publishes a message, or queues it; false if the connection is closed. */
    boolean due(int number, long moment) {
        ClientConnection open = connection;
        if (open != null) {
            open.execute(() -> take(new Message(number, moment)));
        }
        return open != null;
    }

    private synchronized void take(Message message) {
        due.add(message);
        ask();
    }

    private void ask() {
        ClientConnection open = connection;
        Message next = due.peek();
        if (open != null && next != null && asked == null && !open.isEnding()) {
            asked = due.remove();
            fan.asked(next.moment());
            open.send(Stamp.message(fan.size(), fan.source(), next.number(), next.moment()));
        }
    }

    @Override
    public synchronized void opened(ClientConnection open) {
        connection = open;
        ask();
    }

    /** The answer to a publish. An error status would have ended the connection. */
    @Override
    public synchronized void message(ClientConnection open, ByteBuf data) {
        Message done = asked;
        asked = null;
        if (done != null) {
            fan.published(done.number(), done.moment());
        }
        ask();
    }

    @Override
    public synchronized void ended(ClientConnection open, Ending ending) {
        connection = null;
        asked = null;
    }
}
