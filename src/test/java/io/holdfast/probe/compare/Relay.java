package io.holdfast.probe.compare;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Passes bytes on, and counts them. */
final class Relay implements AutoCloseable {

    private final int service;
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private final List<Passage> passages = new CopyOnWriteArrayList<>();

    Relay(int service) throws IOException {
        this.service = service;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** What passed on the last {@code connections}. */
    Bytes passed(long connections) {
        Bytes passed = Bytes.NONE;
        for (Passage passage : passages.subList(passages.size() - (int) connections, passages.size())) {
            passed = passed.plus(new Bytes(passage.up.get(), passage.down.get()));
        }
        return passed;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Passage passage = new Passage(socket.accept(), new Socket(InetAddress.ofLiteral("127.0.0.1"), service));
                passages.add(passage);
                Thread.ofVirtual().start(() -> passage.pass(passage.client, passage.server, passage.up));
                Thread.ofVirtual().start(() -> passage.pass(passage.server, passage.client, passage.down));
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Passage passage : new ArrayList<>(passages)) {
            passage.close();
        }
    }

    private record Passage(Socket client, Socket server, AtomicLong up, AtomicLong down) implements Closeable {

        Passage(Socket client, Socket server) throws IOException {
            this(client, server, new AtomicLong(), new AtomicLong());
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void pass(Socket from, Socket to, AtomicLong count) {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] bytes = new byte[16 * 1024];
                for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                    count.addAndGet(length);
                    out.write(bytes, 0, length);
                }
                to.shutdownOutput();
            } catch (IOException e) {
                // One of the two went away.
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }
}
