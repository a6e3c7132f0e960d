// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import io.holdfast.connection.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The client's end of one connection, on any of the transports. */
public abstract sealed class Peer implements Closeable {

    /** Enough for the sockets' buffers on both sides to fill up. */
    private static final byte[] BLOCK = new byte[32 * 1024];

    private static final String HERE = "127.0.0.1";

    protected final TestSocket wire;
    protected Carried carried = new Carried(0, 0, 0, 0);

    private Peer(TestSocket wire) {
        this.wire = wire;
    }

    /** The bytes and messages that passed, as the server should count them. */
    public record Carried(long bytesIn, long bytesOut, long messagesIn, long messagesOut) {

        Carried plus(long in, long out, int messagesInMore, int messagesOutMore) {
            return new Carried(
                    bytesIn + in, bytesOut + out, messagesIn + messagesInMore, messagesOut + messagesOutMore);
        }
    }

    /**
     * How a connection ended, as the client saw it.
     *
     * @param code of the close frame or the goodbye; empty if there was none
     * @param orderly whether the stream of bytes ended as its protocol wants it
     * @param retry whether it was told to come back
     */
    public record Farewell(String code, boolean orderly, boolean retry) {}

    /** Opens one from a loopback address, with its handshake or the head of its response behind it. */
    public static Peer open(Transport transport, int port, String address) throws IOException {
        TestSocket wire = TestSocket.connectFrom(address, port);
        try {
            return switch (transport) {
                case HTTP -> new Http(wire, "interval=1d&heartbeat=none");
                case WEBSOCKET -> new WebSocket(RawWebSocket.open(wire, "/echo"));
                case TCP -> new Tcp(wire);
            };
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    public static Peer open(Transport transport, Ports ports, String address) throws IOException {
        return open(transport, transport == Transport.TCP ? ports.tcpEcho() : ports.http(), address);
    }

    public static Peer open(Transport transport, Ports ports) throws IOException {
        return open(transport, ports, HERE);
    }

    /** Opens one to a service that is not the application under test. */
    public static Peer open(Transport transport, int port) throws IOException {
        return open(transport, port, HERE);
    }

    /** Opens a connection whose client does not read, and to which the server sends a lot. */
    public static Peer openStalled(Transport transport, Ports ports) throws IOException {
        if (transport == Transport.HTTP) {
            return new Http(TestSocket.connect(ports.http()), "interval=0&size=65536");
        }
        return stalled(open(transport, ports));
    }

    /** Has a connection send a lot, whose answers are not read. */
    public static Peer stalled(Peer peer) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    peer.say(BLOCK);
                }
            } catch (IOException e) {
                // Whoever opened it has closed it.
            }
        });
        return peer;
    }

    /** Transfers one message in each direction that the transport has, and waits for it. */
    public abstract void carry() throws IOException;

    /** Sends bytes as a message of the protocol, if it takes any. */
    abstract void say(byte... message) throws IOException;

    /** Ends it as the protocol wants a client to. */
    public abstract void leave() throws IOException;

    /** Reads to the end, answering pings on the way, and ends its own side too. */
    public abstract Farewell awaitEnd() throws IOException;

    /** As {@link #awaitEnd}, where the protocol can use the connection for something else afterwards: then it is used so. */
    public Farewell awaitEndAndReuse() throws IOException {
        return awaitEnd();
    }

    public Carried carried() {
        return carried;
    }

    public int localPort() {
        return wire.localPort();
    }

    public TestSocket wire() {
        return wire;
    }

    /** Closes it with a reset, unless it is closed already. */
    public void reset() throws IOException {
        try {
            wire.resetOnClose();
        } catch (SocketException e) {
            return;
        }
        wire.close();
    }

    /** Closes it with a FIN, whatever the protocol says. */
    @Override
    public void close() throws IOException {
        wire.close();
    }

    /** An event stream; it opens with its first tick. */
    static final class Http extends Peer {

        Http(TestSocket wire, String query) throws IOException {
            super(wire);
            wire.send("GET /stream?" + query + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n");
            String head = wire.readUntil("\r\n\r\n");
            if (!head.startsWith("HTTP/1.1 200 ")) {
                throw new IOException("no stream: " + head);
            }
        }

        @Override
        public void carry() throws IOException {
            int length = chunk().length;
            carried = carried.plus(0, length, 0, 1);
        }

        private byte[] chunk() throws IOException {
            byte[] chunk = wire.read(Integer.parseInt(wire.readUntil("\r\n").strip(), 16));
            wire.read(2);
            return chunk;
        }

        @Override
        void say(byte... message) {
            throw new UnsupportedOperationException("a stream has one direction");
        }

        @Override
        public void leave() throws IOException {
            wire.close();
        }

        @Override
        public Farewell awaitEndAndReuse() throws IOException {
            try (wire) {
                readToLastChunk();
                wire.send("GET /inspect HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
                return new Farewell("", wire.readUntil("\r\n").startsWith("HTTP/1.1 200 "), false);
            }
        }

        private String readToLastChunk() throws IOException {
            String last = "";
            while (true) {
                byte[] chunk = chunk();
                if (chunk.length == 0) {
                    return last;
                }
                last = new String(chunk, StandardCharsets.UTF_8);
            }
        }

        @Override
        public Farewell awaitEnd() throws IOException {
            try (wire) {
                String last = readToLastChunk();
                boolean ended = wire.read() < 0;
                String code = last.contains("event: goodbye\n")
                        ? last.replaceAll("(?s).*\"code\":\"([a-z-]+)\".*", "$1")
                        : "";
                boolean hint = last.matches("(?s)retry: [1-9]\\d{3}\n.*") && last.contains("\"retry\":\"");
                return new Farewell(code, ended, hint);
            } catch (IOException | NumberFormatException e) {
                return new Farewell("", false, false);
            }
        }
    }

    /** A WebSocket on {@code /echo}, or any other path. */
    public static final class WebSocket extends Peer {

        private final RawWebSocket webSocket;

        public WebSocket(RawWebSocket webSocket) {
            super(webSocket.wire());
            this.webSocket = webSocket;
        }

        @Override
        public void carry() throws IOException {
            webSocket.send("hold");
            if (!webSocket.readNext(RawWebSocket.TEXT).text().equals("hold")) {
                throw new IOException("not the echo");
            }
            carried = carried.plus(4, 4, 1, 1);
        }

        @Override
        void say(byte... message) throws IOException {
            webSocket.send(RawWebSocket.BINARY, message);
        }

        @Override
        public void leave() throws IOException {
            webSocket.sendClose(1000);
            awaitEnd();
        }

        @Override
        public Farewell awaitEnd() throws IOException {
            try (wire) {
                RawWebSocket.Frame frame = webSocket.read();
                while (frame.opcode() != RawWebSocket.CLOSE) {
                    if (frame.opcode() == RawWebSocket.PING) {
                        webSocket.pong(frame);
                    }
                    frame = webSocket.read();
                }
                int code = frame.closeCode();
                webSocket.sendClose(code);
                return new Farewell(String.valueOf(code), wire.read() < 0, false);
            } catch (IOException e) {
                return new Farewell("", false, false);
            }
        }
    }

    /** A raw TCP connection to the echo. */
    static final class Tcp extends Peer {

        Tcp(TestSocket wire) {
            super(wire);
        }

        @Override
        public void carry() throws IOException {
            byte[] message = "hold".getBytes(StandardCharsets.UTF_8);
            wire.send(message);
            if (!Arrays.equals(wire.read(message.length), message)) {
                throw new IOException("not the echo");
            }
            carried = carried.plus(4, 4, 1, 1);
        }

        @Override
        void say(byte... message) throws IOException {
            wire.send(message);
        }

        @Override
        public void leave() throws IOException {
            wire.sendFin();
            awaitEnd();
        }

        @Override
        public Farewell awaitEnd() throws IOException {
            try (wire) {
                wire.readToEnd();
                return new Farewell("", true, false);
            } catch (SocketException e) {
                return new Farewell("", false, false);
            }
        }
    }
}
