// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Listener;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.result.Percentiles;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one load: opens them, and counts how many are open and how the others ended. Safe from any thread;
 * opened and closed once, by its creator.
 */
final class LoadConnections {

    /** Connections that are opened at the same time: more would overflow the backlog of a common listener. */
    static final int DIALED = 100;

    /** How long the last ones may take to open or fail: longer than connecting and each handshake may take. */
    private static final Duration SETTLING = Duration.ofSeconds(25);

    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final Client client;
    private final Target target;
    private final int size;
    private final Semaphore dialing = new Semaphore(DIALED);
    private final CountDownLatch unsettled;
    private final List<Member> members = new ArrayList<>();
    private final AtomicInteger stood = new AtomicInteger();
    private final AtomicInteger standing = new AtomicInteger();
    private final LongAdder reopened = new LongAdder();
    private final Map<String, LongAdder> failed = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> ended = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final ConcurrentHistogram connect = Timing.histogram();
    private volatile @Nullable String denied;
    private volatile boolean closing;

    LoadConnections(Client client, Target target, int size) {
        this.client = client;
        this.target = target;
        this.size = size;
        this.unsettled = new CountDownLatch(size);
    }

    /**
     * Opens all, and returns when each is open or has failed. If a connection is replaced, its listener gets another
     * {@link Listener#opened}, maybe on another event loop, and only the end of the last one.
     */
    void open(IntFunction<? extends Listener> listeners, Consumer<String> progress) throws InterruptedException {
        for (int i = 0; i < size; i++) {
            while (!dialing.tryAcquire(1, TimeUnit.SECONDS)) {
                progress.accept(text());
            }
            members.add(new Member(listeners.apply(i)));
            members.getLast().open();
            if (i % 100 == 0) {
                progress.accept(text());
            }
        }
        if (!unsettled.await(SETTLING.toSeconds(), TimeUnit.SECONDS)) {
            members.forEach(Member::giveUp);
        }
    }

    /** Closes all. Those that do not answer in time are closed with the client. */
    void close() throws InterruptedException {
        closing = true;
        members.forEach(Member::close);
        long deadline = System.nanoTime() + CLOSING.toNanos();
        while (standing.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
    }

    /** How many are open now. */
    int standing() {
        return standing.get();
    }

    /** Whether the server refused access to one, so that the others need not be tried. */
    boolean isDenied() {
        return denied != null;
    }

    ConnectionStats result() {
        return new ConnectionStats(
                size,
                stood.get(),
                denied != null || refused.get() == size,
                counts(failed),
                counts(ended),
                denied,
                reopened.sum(),
                Percentiles.of(connect));
    }

    private String text() {
        return "opening: %,d of %,d stand".formatted(standing.get(), size);
    }

    private static Map<String, Long> counts(Map<String, LongAdder> adders) {
        Map<String, Long> counts = new TreeMap<>();
        adders.forEach((name, adder) -> counts.put(name, adder.sum()));
        return counts;
    }

    private static String text(Ending ending) {
        return ending instanceof Ending.Ours ? "no answer in time" : ending.text();
    }

    /** One connection: passes its events on. */
    private final class Member implements Listener {

        private final Listener listener;
        private volatile @Nullable ClientConnection connection;
        private volatile boolean opened;
        private volatile boolean settled;

        Member(Listener listener) {
            this.listener = listener;
        }

        void open() {
            connection = client.open(target, this);
        }

        void close() {
            ClientConnection open = connection;
            if (opened && open != null && open.ending() == null) {
                open.close();
            }
        }

        /** It neither opened nor failed in time. */
        void giveUp() {
            ClientConnection open = connection;
            if (!settled && open != null) {
                open.abort();
            }
        }

        private void settle() {
            if (!settled) {
                settled = true;
                dialing.release();
                unsettled.countDown();
            }
        }

        @Override
        public void opened(ClientConnection open) {
            connection = open;
            if (!opened) {
                opened = true;
                connect.recordValue(open.openedAt() - open.dialedAt());
                stood.incrementAndGet();
                standing.incrementAndGet();
            }
            listener.opened(open);
            settle();
        }

        @Override
        public void message(ClientConnection from, ByteBuf data) {
            listener.message(from, data);
        }

        @Override
        public void event(ClientConnection from, String name, ByteBuf data) {
            listener.event(from, name, data);
        }

        @Override
        public void sign(ClientConnection from, Sign sign) {
            listener.sign(from, sign);
        }

        @Override
        public void ended(ClientConnection from, Ending ending) {
            // After any answer a server may close the connection.
            if (opened && !closing && ending instanceof Ending.Complete && target instanceof Target.HttpPost) {
                reopened.increment();
                open();
                return;
            }
            listener.ended(from, ending);
            if (opened) {
                standing.decrementAndGet();
            }
            if (!closing) {
                (opened ? ended : failed)
                        .computeIfAbsent(text(ending), text -> new LongAdder())
                        .increment();
                if (ending.isRefusal()) {
                    refused.incrementAndGet();
                }
                if (ending instanceof Ending.Denied) {
                    denied = ending.text();
                }
            }
            settle();
        }
    }
}
