// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections of HTTP/1.1 and has each of them served by the service over HTTP/2, in a session of its own from the same
 * address: so a test that speaks HTTP/1.1 or WebSocket shows what holds over HTTP/2. A FIN is END_STREAM, a TCP reset is
 * RST_STREAM, an upgrade to WebSocket is the CONNECT of RFC 8441. What the client does not read is not asked for.
 */
public final class Http2Relay implements Closeable {

    private static final int DEFAULT_WINDOW = 65_535;

    /** Little waits in the relay for a client that does not read. */
    private static final int SEND_BUFFER = 16 * 1024;

    private static final Set<String> OF_ONE_CONNECTION =
            Set.of("host", "connection", "upgrade", "sec-websocket-key", "transfer-encoding", "keep-alive");
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Map<Integer, Http2Relay> RELAYS = new ConcurrentHashMap<>();

    private final IntSupplier service;
    private final ServerSocket listening = new ServerSocket(0, 200, LOOPBACK);
    private final Map<Integer, CompletableFuture<Integer>> seenPorts = new ConcurrentHashMap<>();
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    /**
     * In front of a service.
     *
     * @param service its port, which serves HTTP/2; with TLS if it is one of {@link TlsPorts}; known when the first client comes
     */
    public Http2Relay(IntSupplier service) throws IOException {
        this.service = service;
        RELAYS.put(port(), this);
        Thread.ofVirtual().start(this::accept);
    }

    /** The port from which the service sees a client that is connected to {@code relay} from {@code client}; the same if it is none. */
    static int seenPort(int relay, int client) {
        Http2Relay known = RELAYS.get(relay);
        return known == null ? client : known.seenPort(client).join();
    }

    private CompletableFuture<Integer> seenPort(int client) {
        return seenPorts.computeIfAbsent(client, unknown -> new CompletableFuture<>());
    }

    /** A client's port may have been that of an earlier one. */
    private void sees(int client, int port) {
        if (!seenPort(client).complete(port)) {
            seenPorts.put(client, CompletableFuture.completedFuture(port));
        }
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
            client.setTcpNoDelay(true);
            client.setSendBufferSize(SEND_BUFFER);
            InetSocketAddress from = (InetSocketAddress) client.getRemoteSocketAddress();
            TestSocket server = TestSocket.connectWithoutTls(from.getAddress().getHostAddress(), service.getAsInt());
            server.timeout(0);
            sees(from.getPort(), server.localPort());
            Passage passage = new Passage(client, open(server));
            open.add(passage);
            try (passage) {
                passage.run();
            } finally {
                open.remove(passage);
            }
        } catch (IOException e) {
            close(client);
        }
    }

    private Http2Wire open(TestSocket socket) throws IOException {
        SSLContext tls = TlsPorts.client(service.getAsInt());
        TestSocket wire = tls == null ? socket : socket.withTlsFor("h2", tls);
        return Http2Wire.open(wire);
    }

    private static void close(Closeable closed) {
        try {
            closed.close();
        } catch (IOException e) {
            // It is gone.
        }
    }

    @Override
    public void close() throws IOException {
        RELAYS.remove(port());
        listening.close();
        open.forEach(Http2Relay::close);
    }
    /** One client, its request, and the session for it. */
    private static final class Passage implements Closeable {

        private static final int STREAM = 1;
        private static final Http2Wire.Frame OVER = new Http2Wire.Frame(-1, 0, 0, ByteBuffer.allocate(0));

        private final Socket client;
        private final Http2Wire session;

        // What may still be sent; guarded by this.
        private long sessionWindow = DEFAULT_WINDOW;
        private long streamWindow = DEFAULT_WINDOW;
        private long initialWindow = DEFAULT_WINDOW;
        private boolean closed;
        private boolean clientEnded;
        private boolean serverEnded;

        private final BlockingQueue<Http2Wire.Frame> frames = new LinkedBlockingQueue<>();

        // Confined to the thread that reads the session.
        private boolean settled;

        Passage(Socket client, Http2Wire session) {
            this.client = client;
            this.session = session;
        }

        void run() throws IOException {
            InputStream in = client.getInputStream();
            String head = head(in);
            if (head == null) {
                return;
            }
            boolean tunnel = head.toLowerCase(Locale.ROOT).contains("upgrade: websocket");
            while (!settled) {
                // Only the settings say that tunnels are possible.
                handle(session.read());
            }
            int body = request(head, tunnel);
            Thread.ofVirtual().start(() -> upload(in, tunnel, body));
            Thread.ofVirtual().start(this::readSession);
            answer(tunnel);
        }

        private static @Nullable String head(InputStream in) throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    return null;
                }
                head.write(next);
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        }

        /** Passes the head of the request on. Returns how long its body is. */
        private int request(String head, boolean tunnel) throws IOException {
            List<String> lines = head.strip().lines().toList();
            List<String> first = List.of(lines.getFirst().split(" ", 3));
            List<String> headers = new ArrayList<>();
            int body = 0;
            for (String line : lines.subList(1, lines.size())) {
                int colon = line.indexOf(':');
                String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
                String value = line.substring(colon + 1).strip();
                if (name.equals("content-length")) {
                    body = Integer.parseInt(value);
                }
                if (!OF_ONE_CONNECTION.contains(name)) {
                    headers.add(name);
                    headers.add(value);
                }
            }
            String[] sent = headers.toArray(String[]::new);
            synchronized (session) {
                if (tunnel) {
                    session.connect(STREAM, first.get(1), sent);
                } else {
                    session.request(STREAM, body == 0, first.get(0), first.get(1), sent);
                }
            }
            return body;
        }

        private void upload(InputStream in, boolean tunnel, int body) {
            byte[] bytes = new byte[16 * 1024];
            int left = body;
            try {
                for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                    int wanted = tunnel ? length : Math.min(length, left);
                    left -= wanted;
                    if (wanted > 0) {
                        await(wanted);
                        send(!tunnel && left == 0, Arrays.copyOf(bytes, wanted));
                    }
                }
                endOfClient(tunnel);
            } catch (IOException e) {
                abort();
            }
        }

        private synchronized void await(int length) throws IOException {
            try {
                while (!closed && (sessionWindow < length || streamWindow < length)) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            sessionWindow -= length;
            streamWindow -= length;
        }

        private void send(boolean end, byte... bytes) throws IOException {
            synchronized (session) {
                session.data(STREAM, end, bytes);
            }
        }

        private void endOfClient(boolean tunnel) throws IOException {
            boolean over;
            synchronized (this) {
                clientEnded = true;
                over = serverEnded;
            }
            if (over) {
                session.close();
            } else if (tunnel) {
                send(true);
            } else {
                abort();
            }
        }

        private void abort() {
            try {
                synchronized (session) {
                    session.reset(STREAM);
                }
                close();
            } catch (IOException e) {
                // The session is over.
            }
        }

        /** Goes on while the client does not read, so that what the client sends still gets its windows. */
        private void readSession() {
            try {
                while (true) {
                    Http2Wire.Frame frame = session.read();
                    if (frame.stream() == STREAM && frame.type() != Http2Wire.WINDOW_UPDATE) {
                        frames.add(frame);
                    } else {
                        handle(frame);
                    }
                }
            } catch (IOException e) {
                frames.add(OVER);
            }
        }

        private Http2Wire.Frame nextFrame() throws IOException {
            try {
                return frames.take();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private void answer(boolean tunnel) throws IOException {
            OutputStream out = client.getOutputStream();
            boolean chunked = false;
            for (Http2Wire.Frame frame = nextFrame(); !frame.equals(OVER); frame = nextFrame()) {
                boolean end = frame.type() <= Http2Wire.HEADERS && frame.is(Http2Wire.END_STREAM);
                switch (frame.type()) {
                    case Http2Wire.HEADERS -> {
                        MetaData.Response head = session.head(frame);
                        boolean tunnelled = tunnel && head.getStatus() == 200;
                        chunked = !tunnelled && !end && !head.getHttpFields().contains(HttpHeader.CONTENT_LENGTH);
                        out.write(head(head, tunnelled, chunked).getBytes(StandardCharsets.ISO_8859_1));
                    }
                    case Http2Wire.DATA -> pass(frame, chunked, out);
                    case Http2Wire.RST_STREAM -> {
                        if (frame.error() != 0) {
                            client.setSoLinger(true, 0);
                        }
                        return;
                    }
                    default -> throw new IOException("a frame of an unknown type");
                }
                if (end) {
                    if (chunked) {
                        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                    endOfServer();
                }
            }
        }

        private void endOfServer() throws IOException {
            client.shutdownOutput();
            synchronized (this) {
                serverEnded = true;
                if (!clientEnded) {
                    return;
                }
            }
            session.close();
        }

        /** Only what the client's socket has taken is asked for anew. */
        private void pass(Http2Wire.Frame frame, boolean chunked, OutputStream out) throws IOException {
            byte[] bytes = new byte[frame.payload().remaining()];
            frame.payload().duplicate().get(bytes);
            if (bytes.length == 0) {
                return;
            }
            out.write(chunked ? chunk(bytes) : bytes);
            synchronized (session) {
                session.window(0, bytes.length);
                if (!frame.is(Http2Wire.END_STREAM)) {
                    session.window(STREAM, bytes.length);
                }
            }
        }

        private static String head(MetaData.Response head, boolean tunnelled, boolean chunked) {
            StringBuilder text =
                    new StringBuilder("HTTP/1.1 " + (tunnelled ? 101 : head.getStatus()) + " over HTTP/2\r\n");
            if (tunnelled) {
                text.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + ACCEPT + "\r\n");
            } else if (chunked) {
                text.append("Transfer-Encoding: chunked\r\n");
            }
            Http2Wire.lines(head).forEach(line -> text.append(line).append("\r\n"));
            return text.append("\r\n").toString();
        }

        private static byte[] chunk(byte... bytes) {
            byte[] size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(size.length + bytes.length + 2)
                    .put(size)
                    .put(bytes)
                    .put((byte) '\r')
                    .put((byte) '\n')
                    .array();
        }

        private void handle(Http2Wire.Frame frame) throws IOException {
            switch (frame.type()) {
                case Http2Wire.SETTINGS -> {
                    if (!frame.is(Http2Wire.ACK)) {
                        settings(frame);
                    }
                }
                case Http2Wire.WINDOW_UPDATE ->
                    widen(frame.stream(), frame.payload().getInt(0));
                case Http2Wire.PING -> {
                    if (!frame.is(Http2Wire.ACK)) {
                        synchronized (session) {
                            session.send(
                                    Http2Wire.PING,
                                    Http2Wire.ACK,
                                    0,
                                    frame.payload().array());
                        }
                    }
                }
                default -> {
                    // The end of the session is shown by the next read.
                }
            }
        }

        private void settings(Http2Wire.Frame frame) throws IOException {
            synchronized (session) {
                session.send(Http2Wire.SETTINGS, Http2Wire.ACK, 0);
            }
            settled = true;
            while (frame.payload().hasRemaining()) {
                int name = frame.payload().getShort();
                int value = frame.payload().getInt();
                if (name == Http2Wire.INITIAL_WINDOW_SIZE) {
                    synchronized (this) {
                        streamWindow += value - initialWindow;
                        initialWindow = value;
                        notifyAll();
                    }
                }
            }
        }

        private synchronized void widen(int which, int bytes) {
            if (which == 0) {
                sessionWindow += bytes;
            } else {
                streamWindow += bytes;
            }
            notifyAll();
        }

        @Override
        public void close() throws IOException {
            synchronized (this) {
                closed = true;
                notifyAll();
            }
            client.close();
            session.close();
        }
    }
}
