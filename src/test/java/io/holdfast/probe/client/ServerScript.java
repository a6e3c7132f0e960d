// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server on raw sockets that runs a script of the test on each connection. */
final class ServerScript implements AutoCloseable {

    /** What it does with one connection; the socket is closed after it. */
    interface Part {
        void play(Socket socket) throws IOException;
    }

    static final String STREAM_HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: *(\\S+)");

    private final ServerSocket server;

    ServerScript(Part part) throws IOException {
        this(new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1")), part);
    }

    ServerScript(ServerSocket server, Part part) {
        this.server = server;
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    part.play(socket);
                } catch (IOException e) {
                    // The client is gone, or it was closed.
                }
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads a request's head. */
    static String request(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no whole head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Reads a request for a WebSocket and accepts it. */
    static void upgrade(Socket socket) throws IOException {
        Matcher key = KEY.matcher(request(socket));
        if (!key.find()) {
            throw new IOException("no key");
        }
        say(
                socket,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + accept(key.group(1)) + "\r\n\r\n");
    }

    private static String accept(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(digest.digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has the close that follows be a reset. */
    static void resetAfter(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
    }

    /** Waits until the client ends its side. */
    static void untilClientEnds(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
            // What it says does not matter.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
