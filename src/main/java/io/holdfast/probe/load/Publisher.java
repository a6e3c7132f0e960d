package io.holdfast.probe.load;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One connection that publishes by POST what is due, one after the other. Safe from any thread, as {@link EchoLoadConnection}. */
final class Publisher implements Listener {

    /** What is to be published, and when. */
    private record Message(int number, long moment) {}

    private final Fan fan;
    private final Queue<Message> due = new ArrayDeque<>();
    private volatile @Nullable ClientConnection conversation;
    private @Nullable Message asked;

    Publisher(Fan fan) {
        this.fan = fan;
    }

    /** Has a message published; false if there is no connection for it. */
    boolean due(int number, long moment) {
        ClientConnection open = conversation;
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
        ClientConnection open = conversation;
        Message next = due.peek();
        if (open != null && next != null && asked == null && !open.isEnding()) {
            asked = due.remove();
            fan.asked(next.moment());
            open.send(Stamp.message(fan.size(), fan.source(), next.number(), next.moment()));
        }
    }

    @Override
    public synchronized void opened(ClientConnection open) {
        conversation = open;
        ask();
    }

    /** The answer, and a good one: what is none ends the connection. */
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
        conversation = null;
        asked = null;
    }
}
