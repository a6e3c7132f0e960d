package io.holdfast.page;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Something between a browser and the service that makes the trouble such things make, from the next request on. */
final class Middlebox implements AutoCloseable {

    enum Trouble {
        /** Answers 403 to who wants a WebSocket. */
        REFUSES_WEBSOCKETS,
        /** Ends a WebSocket as soon as it is open. */
        ENDS_WEBSOCKETS,
        /** Waits for the end of an answer before it hands any of it on. */
        HOLDS_STREAMS,
        /** Breaks when the answer to what is posted comes, once. */
        LOSES_AN_ANSWER
    }

    private static final Pattern WEBSOCKET =
            Pattern.compile("^GET /channels\\b.*\\nUpgrade: websocket", Pattern.DOTALL);
    private static final Pattern STREAM =
            Pattern.compile("^GET .*\\nAccept: (text/event-stream|application/x-ndjson)", Pattern.DOTALL);

    private final int service;
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private volatile Set<Trouble> troubles = Set.of();

    /** Whether what comes either way is dropped. */
    private volatile boolean dead;

    Middlebox(int service) throws IOException {
        this.service = service;
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }

    Middlebox makes(Trouble... trouble) {
        troubles = trouble.length == 0 ? Set.of() : Set.copyOf(EnumSet.copyOf(List.of(trouble)));
        return this;
    }

    /** Breaks all connections. */
    Middlebox cut() {
        open.forEach(Middlebox::end);
        return this;
    }

    /** Drops all that comes, without a word to anyone, until it is {@linkplain #revive revived}. */
    void die() {
        dead = true;
    }

    void revive() {
        dead = false;
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
                pass(client);
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    private void pass(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), service);
            open.add(server);
            new Passage(client, server).start();
        } catch (IOException e) {
            // The service is away.
            client.close();
        }
    }

    private static void end(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection through it. */
    private final class Passage {

        private final Socket client;
        private final Socket server;
        private volatile boolean held;
        private volatile boolean endsWhenOpen;
        private volatile boolean losesAnswer;

        Passage(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void start() {
            Thread.ofVirtual().start(() -> pass(client, server, true));
            Thread.ofVirtual().start(() -> pass(server, client, false));
        }

        private void pass(Socket from, Socket to, boolean requests) {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] bytes = new byte[64 * 1024];
                for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                    if (requests) {
                        // Chromium sends a request's head at once.
                        request(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
                    }
                    if (!requests && losesAnswer) {
                        return;
                    }
                    if (!dead && (requests || !held)) {
                        out.write(bytes, 0, length);
                    }
                    if (!requests && endsWhenOpen) {
                        return;
                    }
                }
            } catch (IOException e) {
                // One of the two went away, and takes the other with it.
            } finally {
                open.remove(from);
            }
        }

        private void request(String head) throws IOException {
            if (WEBSOCKET.matcher(head).find()) {
                endsWhenOpen = troubles.contains(Trouble.ENDS_WEBSOCKETS);
                if (troubles.contains(Trouble.REFUSES_WEBSOCKETS)) {
                    client.getOutputStream()
                            .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    throw new IOException("refused");
                }
            }
            if (STREAM.matcher(head).find()) {
                held = troubles.contains(Trouble.HOLDS_STREAMS);
            }
            if (head.startsWith("POST /channels/") && troubles.contains(Trouble.LOSES_AN_ANSWER)) {
                troubles = Set.of();
                losesAnswer = true;
            }
        }
    }
}
