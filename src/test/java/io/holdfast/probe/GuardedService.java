// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A service that asks for tokens: HTTP, WebSocket, lines and a raw echo on one port. It keeps what it was sent, and
 * repeats tokens in its refusals, as a careless service may.
 */
final class GuardedService implements AutoCloseable {

    /** Who may do what. */
    interface Rule {
        /** The status for a request such as {@code POST /echo}, or {@code LINES} for a command on lines. */
        int status(String request, @Nullable String token);
    }

    /** A request, or the first line of a connection, and its token. */
    record Asked(String what, @Nullable String token) {}

    /** After so long a silence it closes the connection. */
    static final int SILENCE_MILLIS = 600;

    private final Rule rule;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    GuardedService(Rule rule) throws IOException {
        this.rule = rule;
        Thread.ofVirtual().start(this::accept);
    }

    /** One that accepts this token only. */
    static GuardedService accepting(String accepted) throws IOException {
        return new GuardedService((request, token) -> accepted.equals(token) ? 200 : 401);
    }

    String http(String path) {
        return "http://" + tcp() + path;
    }

    String tcp() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            in.mark(1);
            int first = in.read();
            in.reset();
            // Not before: a JVM that has just started may need longer from connecting to its first request.
            client.setSoTimeout(SILENCE_MILLIS);
            switch (first) {
                case '{' -> lines(client, in);
                case 'G', 'P' -> requests(client, in);
                default -> echo(client, in);
            }
        } catch (SocketTimeoutException e) {
            // It was silent for too long.
        } catch (IOException e) {
            // The client went away.
        } finally {
            open.remove(client);
        }
    }

    private static void echo(Socket client, InputStream in) throws IOException {
        for (int next = in.read(); next >= 0; next = in.read()) {
            client.getOutputStream().write(next);
        }
    }

    private void lines(Socket client, InputStream in) throws IOException {
        String first = until(in, "\n");
        Matcher command = Pattern.compile("\"type\":\"authenticate\".*\"token\":\"([^\"]*)\"")
                .matcher(first);
        String token = command.find() ? command.group(1) : null;
        asked.add(new Asked(first.strip(), token));
        if (token != null) {
            int status = rule.status("LINES", token);
            say(
                    client,
                    (status == 200 ? "{\"type\":\"authenticated\",\"id\":\"authenticate\"}" : error(status, token))
                            + "\n");
        }
        while (in.read() >= 0) {
            // What it asks for does not matter.
        }
    }

    private static String error(int status, @Nullable String token) {
        return "{\"type\":\"error\",\"code\":\"" + (status == 401 ? "unauthenticated" : "denied")
                + "\",\"message\":\"No access with " + token + ".\"}";
    }

    private void requests(Socket client, InputStream in) throws IOException {
        boolean more = true;
        while (more) {
            String head = until(in, "\r\n\r\n");
            String[] line = head.split("[ ?]", 3);
            String request = line[0] + " " + line[1];
            String token = header(head, "Authorization: Bearer ");
            asked.add(new Asked(request, token));
            String length = header(head, "Content-Length: ");
            in.readNBytes(length == null ? 0 : Integer.parseInt(length));
            int status = rule.status(request, token);
            if (status != 200) {
                refuse(client, status, token);
            } else if (header(head, "Upgrade: ") != null) {
                more = false;
                webSocket(client, in, head, token);
            } else if (line[0].equals("POST")) {
                say(client, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            } else if (line[1].startsWith("/actuator")) {
                say(client, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            } else {
                say(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"tick\":1}\n\r\n");
            }
        }
    }

    private static void refuse(Socket client, int status, @Nullable String token) throws IOException {
        String problem = "{\"status\":" + status + ",\"detail\":\"No access with " + token + ".\"}";
        say(
                client,
                "HTTP/1.1 " + status + " No\r\nContent-Type: application/problem+json\r\nContent-Length: "
                        + problem.length() + "\r\n\r\n" + problem);
    }

    private void webSocket(Socket client, InputStream in, String head, @Nullable String token) throws IOException {
        say(
                client,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + accept(header(head, "Sec-WebSocket-Key: ")) + "\r\n\r\n");
        int status = in.read() < 0 ? 200 : rule.status("COMMAND", token);
        if (status != 200) {
            String error = error(status, token);
            say(client, "\u0081" + (char) error.length() + error);
        }
        while (in.read() >= 0) {
            // What it asks for does not matter.
        }
    }

    private static String accept(@Nullable String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(digest.digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable String header(String head, String start) {
        Matcher line =
                Pattern.compile("(?im)^" + Pattern.quote(start) + "(.*?)\\r?$").matcher(head);
        return line.find() ? line.group(1) : null;
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("it ended");
            }
            read.append((char) next);
        }
        return read.toString();
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket client : open) {
            client.close();
        }
    }
}
