package io.holdfast.probe.survive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Something between that passes bytes on, and forgets connections which are silent for too long. */
final class Relay implements AutoCloseable {

    /** What happens to a connection that was silent for too long. */
    enum Forgetting {
        /** Nothing passes any more, and nobody is told. */
        SILENT,
        /** Nobody is told, but who sends something is answered by a reset. */
        RESETS_WHO_SPEAKS,
        /** Both sides are sent a reset. */
        RESETS
    }

    private final int server;
    private final Duration silence;
    private final Forgetting forgetting;
    private final ServerSocket socket = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    Relay(int server, Duration silence, Forgetting forgetting) throws IOException {
        this.server = server;
        this.silence = silence;
        this.forgetting = forgetting;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                new Passage(client, new Socket(InetAddress.ofLiteral("127.0.0.1"), server)).start();
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        socket.close();
        for (Closeable one : open) {
            one.close();
        }
    }

    /** One connection through it. */
    private final class Passage {

        private final Socket client;
        private final Socket upstream;
        private volatile long last = System.nanoTime();
        private volatile boolean forgotten;

        Passage(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        void start() throws IOException {
            open.add(client);
            open.add(upstream);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pass(client, upstream));
            Thread.ofVirtual().start(() -> pass(upstream, client));
            watch(silence.toNanos());
        }

        private void watch(long nanos) {
            clock.schedule(
                    () -> {
                        long left = silence.toNanos() - (System.nanoTime() - last);
                        if (left > 0) {
                            watch(left);
                        } else {
                            forget();
                        }
                    },
                    nanos,
                    TimeUnit.NANOSECONDS);
        }

        private void forget() {
            forgotten = true;
            if (forgetting == Forgetting.RESETS) {
                reset(client);
                reset(upstream);
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

        private void pass(Socket from, Socket to) {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] bytes = new byte[8192];
                for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                    if (!forgotten) {
                        last = System.nanoTime();
                        out.write(bytes, 0, length);
                    } else if (forgetting == Forgetting.RESETS_WHO_SPEAKS) {
                        reset(from);
                        return;
                    }
                }
            } catch (IOException e) {
                // One of the two went away.
            }
            if (!forgotten) {
                reset(from);
                reset(to);
            }
        }
    }
}
