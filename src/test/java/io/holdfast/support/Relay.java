// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A TCP relay between a client and a service: passes bytes and half-closes on, counts what passes, and can limit how
 * long a connection may be silent, as proxies and firewalls do.
 */
public final class Relay implements AutoCloseable {

    /** What happens to a connection that was silent for too long. */
    public enum Forgetting {
        /** Nothing passes any more, and nobody is told. */
        SILENT,
        /** Nobody is told, but whoever sends something is answered by a reset. */
        RESETS_SENDER,
        /** Both sides are sent a FIN. */
        CLOSES,
        /** Both sides are sent a reset. */
        RESETS
    }

    /**
     * What was sent at once, and all that came back before more was sent.
     *
     * @param connection the first bytes that were sent on its connection
     * @param sent the bytes of this turn
     */
    public record Turn(String connection, String sent, int bytesIn, AtomicLong bytesOut) {}

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final int service;
    private final Function<Passage, Filter> filters;
    private final ServerSocket socket = new ServerSocket(0, 200, LOOPBACK);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<Passage> passages = new CopyOnWriteArrayList<>();
    private volatile boolean dead;
    private volatile @Nullable Duration longestSilence;
    private volatile Function<String, Forgetting> forgetting = head -> Forgetting.SILENT;

    /** Passes everything on. */
    public Relay(int service) throws IOException {
        this(service, passage -> new Filter() {});
    }

    /**
     * Passes on what a filter lets pass.
     *
     * @param service its port on the loopback interface
     * @param filters makes the filter of a new connection
     */
    public Relay(int service, Function<Passage, Filter> filters) throws IOException {
        this.service = service;
        this.filters = filters;
        Thread.ofVirtual().start(this::accept);
    }

    /**
     * Limits the silence of connections that are opened from now on.
     *
     * @param how depends on the first bytes that were sent on the connection
     */
    public Relay limitSilence(Duration longest, Function<String, Forgetting> how) {
        forgetting = how;
        longestSilence = longest;
        return this;
    }

    public int port() {
        return socket.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    /** All connections so far, in the order in which they were opened. */
    public List<Passage> passages() {
        return List.copyOf(passages);
    }

    /** The turns of all connections; of each in their order. */
    public List<Turn> turns() {
        return passages.stream().flatMap(passage -> passage.turns().stream()).toList();
    }

    /** Closes all connections, those that it forgot among them. */
    public void cut() {
        passages.forEach(Passage::end);
    }

    @Override
    public void close() throws IOException {
        timer.shutdownNow();
        socket.close();
        cut();
    }

    /** Drops all that comes, without telling anybody, until it is {@linkplain #revive revived}. */
    public void die() {
        dead = true;
    }

    public void revive() {
        dead = false;
    }

    /** What happens to the bytes of one connection. */
    public interface Filter {

        /**
         * Bytes came from the client.
         *
         * @return whether they are passed on
         * @throws IOException to close the connection on both sides
         */
        default boolean request(String sent) throws IOException {
            return true;
        }

        /** As {@link #request}, for bytes that came from the service: the first {@code length} of {@code bytes}. */
        default boolean answer(byte[] bytes, int length) throws IOException {
            return true;
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                try {
                    Passage passage = new Passage(client, new Socket(LOOPBACK, service));
                    passages.add(passage);
                    passage.start();
                } catch (IOException e) {
                    // The service is away.
                    client.close();
                }
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    /** One connection through it. */
    public final class Passage {

        private final Socket client;
        private final Socket server;
        private final Filter filter;
        private final AtomicInteger sides = new AtomicInteger(2);
        private final AtomicLong up = new AtomicLong();
        private final AtomicLong down = new AtomicLong();
        private final List<Turn> turns = new CopyOnWriteArrayList<>();
        private volatile String head = "";
        private volatile Turn turn = new Turn("", "", 0, new AtomicLong());
        private volatile long last = System.nanoTime();
        private volatile boolean forgotten;

        private Passage(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            this.filter = filters.apply(this);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        /** Bytes from the client to the service. */
        public long up() {
            return up.get();
        }

        /** Bytes from the service to the client. */
        public long down() {
            return down.get();
        }

        /** Every turn, in their order. */
        public List<Turn> turns() {
            return List.copyOf(turns);
        }

        /** Sends the client something that the service did not send. */
        public void answer(byte[] bytes, int length) throws IOException {
            client.getOutputStream().write(bytes, 0, length);
        }

        private void start() {
            Thread.ofVirtual().start(() -> pump(client, server, this::request));
            Thread.ofVirtual().start(() -> pump(server, client, this::response));
            Duration longest = longestSilence;
            if (longest != null) {
                watch(longest.toNanos(), longest.toNanos());
            }
        }

        private boolean request(byte[] bytes, int length) throws IOException {
            up.addAndGet(length);
            String sent = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            if (head.isEmpty()) {
                head = sent;
            }
            turn = new Turn(head, sent, length, new AtomicLong());
            turns.add(turn);
            return filter.request(sent);
        }

        private boolean response(byte[] bytes, int length) throws IOException {
            down.addAndGet(length);
            turn.bytesOut().addAndGet(length);
            return filter.answer(bytes, length);
        }

        private void pump(Socket from, Socket to, Step step) {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] bytes = new byte[64 * 1024];
                for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                    if (forgotten) {
                        if (forgetting.apply(head) == Forgetting.RESETS_SENDER) {
                            reset(from);
                            return;
                        }
                    } else if (step.passes(bytes, length) && !dead) {
                        last = System.nanoTime();
                        out.write(bytes, 0, length);
                    }
                }
                if (!forgotten && !dead) {
                    to.shutdownOutput();
                    if (sides.decrementAndGet() == 0) {
                        end();
                    }
                }
            } catch (IOException e) {
                // One of the two went away, and takes the other with it.
                if (!forgotten && !dead) {
                    end();
                }
            }
        }

        private void watch(long nanos, long longest) {
            timer.schedule(
                    () -> {
                        long left = longest - (System.nanoTime() - last);
                        if (left > 0) {
                            watch(left, longest);
                        } else {
                            forget();
                        }
                    },
                    nanos,
                    TimeUnit.NANOSECONDS);
        }

        private void forget() {
            forgotten = true;
            switch (forgetting.apply(head)) {
                case SILENT, RESETS_SENDER -> {}
                case CLOSES -> end();
                case RESETS -> {
                    reset(client);
                    reset(server);
                }
            }
        }

        private static void reset(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // It is gone.
            }
        }

        private void end() {
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                // It is gone.
            }
        }
    }

    /** One direction of a connection. */
    private interface Step {

        boolean passes(byte[] bytes, int length) throws IOException;
    }
}
