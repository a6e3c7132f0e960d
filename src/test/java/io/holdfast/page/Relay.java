package io.holdfast.page;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Something between a browser and the service that counts what passes, and puts up with silence for only so long: a
 * WebSocket that is silent for longer is forgotten, so that nothing passes any more and nobody is told; anything else is
 * closed on both sides.
 */
final class Relay implements AutoCloseable {

    /** How late silence is noticed at most. */
    private static final int LOOK_MILLIS = 20;

    private final int service;
    private final Duration patience;
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final List<Turn> turns = new CopyOnWriteArrayList<>();

    Relay(int service, Duration patience) throws IOException {
        this.service = service;
        this.patience = patience;
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }

    /**
     * What was sent at once, and all that came back before more was sent.
     *
     * @param connection how that began
     * @param sent how this began
     */
    record Turn(String connection, String sent, int bytesIn, AtomicLong bytesOut) {}

    /** The turns of all connections, of each in their order. */
    List<Turn> turns() {
        return List.copyOf(turns);
    }

    /** Closes what is open, what was forgotten among it. */
    void cut() throws IOException {
        for (Closeable one : open) {
            one.close();
        }
        open.clear();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        cut();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), service);
                open.add(server);
                new Passage(client, server).start();
            } catch (IOException e) {
                // It was closed, or the service is away.
            }
        }
    }

    /** One connection through it. */
    private final class Passage {

        private final Socket client;
        private final Socket server;
        private volatile String head = "";
        private volatile long lastPassed = System.nanoTime();
        private volatile Turn turn = new Turn("", "", 0, new AtomicLong());
        private volatile boolean forgotten;

        Passage(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void start() {
            Thread.ofVirtual().start(() -> pass(client, server));
            Thread.ofVirtual().start(() -> pass(server, client));
        }

        private void pass(Socket from, Socket to) {
            try {
                from.setSoTimeout(LOOK_MILLIS);
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] bytes = new byte[64 * 1024];
                for (int length = read(in, bytes); length >= 0; length = read(in, bytes)) {
                    if (from.equals(client)) {
                        count(bytes, length);
                    } else {
                        turn.bytesOut().addAndGet(length);
                    }
                    if (!forgotten) {
                        lastPassed = System.nanoTime();
                        out.write(bytes, 0, length);
                    }
                }
            } catch (IOException e) {
                // One of the two went away, or was silent for too long, and takes the other with it.
            }
            if (!forgotten) {
                end();
            }
        }

        private int read(InputStream in, byte[] bytes) throws IOException {
            while (true) {
                try {
                    return in.read(bytes);
                } catch (SocketTimeoutException e) {
                    if (System.nanoTime() - lastPassed > patience.toNanos()) {
                        forgotten = head.contains("Upgrade: websocket");
                        if (!forgotten) {
                            throw e;
                        }
                    }
                }
            }
        }

        private void count(byte[] bytes, int length) {
            String sent = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            if (head.isEmpty()) {
                head = sent;
            }
            turn = new Turn(head, sent, length, new AtomicLong());
            turns.add(turn);
        }

        private void end() {
            try {
                client.close();
                server.close();
                open.removeAll(Set.of(client, server));
            } catch (IOException e) {
                // Then it was closed.
            }
        }
    }
}
