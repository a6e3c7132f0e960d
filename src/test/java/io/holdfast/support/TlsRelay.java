package io.holdfast.support;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLContext;

/**
 * Takes connections without TLS and passes each of them on to the service over TLS: so a test that knows nothing of TLS shows
 * what holds over it. A FIN is close_notify, and a reset is one.
 */
final class TlsRelay extends ForwardingRelay {

    private final SSLContext context;

    /** In front of a port with TLS. */
    TlsRelay(IntSupplier service, SSLContext context) throws IOException {
        super(service);
        this.context = context;
    }

    @Override
    Closeable pass(Socket client, TestSocket server) throws IOException {
        Passage passage = new Passage(client, server.withTls(context));
        passage.start();
        return passage;
    }

    /** One client, and its connection to the service. */
    private static final class Passage implements Closeable {

        private final Socket client;
        private final TestSocket server;
        private final AtomicInteger sides = new AtomicInteger(2);

        Passage(Socket client, TestSocket server) {
            this.client = client;
            this.server = server;
        }

        void start() {
            Thread.ofVirtual().start(() -> pass(this::up));
            Thread.ofVirtual().start(() -> pass(this::down));
        }

        private void pass(Direction direction) {
            try {
                direction.run();
                if (sides.decrementAndGet() == 0) {
                    client.close();
                    server.close();
                }
            } catch (IOException e) {
                ForwardingRelay.close(this);
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

        /** Resets both. */
        @Override
        public void close() throws IOException {
            if (!client.isClosed()) {
                client.setSoLinger(true, 0);
                client.close();
            }
            server.resetOnClose().close();
        }
    }

    private interface Direction {
        void run() throws IOException;
    }
}
