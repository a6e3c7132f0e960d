// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an echo. Sends what is due, or keeps a number of messages in flight. Safe from any thread: if the
 * server ends the connection, the one that replaces it may be on another event loop.
 */
final class EchoLoadConnection implements Listener, Stamp.Found {

    private final Echo echo;
    private final int source;
    private final int inFlight;
    private final Stamp stamp = new Stamp();
    private final Queue<Long> due = new ArrayDeque<>();
    private final BitSet answered = new BitSet();
    private volatile @Nullable ClientConnection connection;
    private boolean looping;
    private int next;
    private int oldest;
    private long heardAt;

    /** @param inFlight the most unanswered messages */
    EchoLoadConnection(Echo echo, int source, int inFlight) {
        this.echo = echo;
        this.source = source;
        this.inFlight = inFlight;
    }

    /** Sends a message, or queues it; false if the connection is closed. */
    boolean due(long moment) {
        ClientConnection open = connection;
        if (open != null) {
            open.execute(() -> take(moment));
        }
        return open != null;
    }

    private synchronized void take(long moment) {
        echo.begun(moment);
        due.add(moment);
        drain();
    }

    /** Keeps messages in flight from now on. Called again, it resumes if answers stopped. */
    void loop() {
        ClientConnection open = connection;
        if (open != null) {
            open.execute(this::goOn);
        }
    }

    private synchronized void goOn() {
        looping = true;
        // No answer for so long: what is in flight is given up.
        if (next > oldest && echo.timing().now() - heardAt > echo.patience().toNanos()) {
            oldest = next;
        }
        fill();
    }

    private void drain() {
        ClientConnection open = connection;
        boolean sent = false;
        while (open != null && !due.isEmpty() && takesMore(open)) {
            send(open, due.remove());
            sent = true;
        }
        if (open != null && sent) {
            open.flush();
        }
    }

    private void fill() {
        ClientConnection open = connection;
        boolean sent = false;
        long now = echo.timing().now();
        while (open != null && looping && !echo.timing().isOver(now) && takesMore(open)) {
            if (next == oldest) {
                heardAt = now;
            }
            echo.due(now);
            send(open, now);
            sent = true;
            now = echo.timing().now();
        }
        if (open != null && sent) {
            open.flush();
        }
    }

    private boolean takesMore(ClientConnection open) {
        return next - oldest < inFlight && !open.isEnding() && open.isWritable();
    }

    private void send(ClientConnection open, long moment) {
        open.write(Stamp.message(echo.size(), source, next++, moment));
    }

    @Override
    public synchronized void opened(ClientConnection open) {
        connection = open;
        // What was in flight on the replaced connection is not answered any more.
        oldest = next;
        drain();
        fill();
    }

    @Override
    public synchronized void message(ClientConnection open, ByteBuf data) {
        stamp.find(data, this);
        drain();
        fill();
    }

    @Override
    public synchronized void stamp(int from, int number, long moment) {
        if (from != source || number >= next) {
            echo.strange();
        } else if (answered.get(number)) {
            echo.repeated(moment);
        } else {
            answered.set(number);
            // An echo answers in order, so messages sent before this one will not come any more.
            oldest = Math.max(oldest, number + 1);
            heardAt = echo.timing().now();
            echo.answered(moment, heardAt);
        }
    }

    @Override
    public synchronized void ended(ClientConnection open, Ending ending) {
        connection = null;
    }
}
