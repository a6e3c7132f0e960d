package io.holdfast.support;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLContext;

/**
 * Takes connections without TLS and passes each of them on to the service over TLS, from the same address: so a test that knows
 * nothing of TLS shows what holds over it. A FIN is close_notify, and a reset is one.
 */
public final class TlsRelay implements Closeable {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final IntSupplier service;
    private final SSLContext context;
    private final ServerSocket listening = new ServerSocket(0, 1000, LOOPBACK);
    private final SeenPorts seen = new SeenPorts(port());
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();

    /**
     * In front of a port with TLS.
     *
     * @param service the port; known when the first client comes
     */
    public TlsRelay(IntSupplier service, SSLContext context) throws IOException {
        this.service = service;
        this.context = context;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    private void serve(Socket client) {
        try {
            InetSocketAddress from = (InetSocketAddress) client.getRemoteSocketAddress();
            TestSocket server = TestSocket.connectFrom(from.getAddress().getHostAddress(), service.getAsInt());
            seen.add(from.getPort(), server.localPort());
            new Passage(client, server.withTls(context)).start();
        } catch (IOException e) {
            reset(client);
        }
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is gone.
        }
    }

    @Override
    public void close() throws IOException {
        seen.close();
        listening.close();
        passages.forEach(Passage::reset);
    }

    /** One client, and its connection to the service. */
    private final class Passage {

        private final Socket client;
        private final TestSocket server;
        private final AtomicInteger sides = new AtomicInteger(2);

        Passage(Socket client, TestSocket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.timeout(0);
        }

        void start() {
            passages.add(this);
            Thread.ofVirtual().start(() -> pass(this::up));
            Thread.ofVirtual().start(() -> pass(this::down));
        }

        private void pass(Direction direction) {
            try {
                direction.run();
                if (sides.decrementAndGet() == 0) {
                    passages.remove(this);
                    client.close();
                    server.close();
                }
            } catch (IOException e) {
                reset();
            }
        }

        private void up() throws IOException {
            InputStream in = client.getInputStream();
            byte[] bytes = new byte[16 * 1024];
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                server.send(bytes, length);
            }
            server.sendFin();
        }

        private void down() throws IOException {
            OutputStream out = client.getOutputStream();
            InputStream in = server.input();
            byte[] bytes = new byte[16 * 1024];
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                out.write(bytes, 0, length);
            }
            client.shutdownOutput();
        }

        private void reset() {
            passages.remove(this);
            TlsRelay.reset(client);
            try {
                server.resetOnClose().close();
            } catch (IOException e) {
                // It is gone.
            }
        }
    }

    private interface Direction {
        void run() throws IOException;
    }
}
