// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain socket that knows just enough of HTTP/1.1 to take answers apart, one after the other. */
final class HttpWire implements Closeable {

    private static final JsonMapper JSON = new JsonMapper();

    private final TestSocket wire;

    private HttpWire(TestSocket wire) {
        this.wire = wire;
    }

    static HttpWire connect(Ports ports) throws IOException {
        return new HttpWire(TestSocket.connect(ports.http()));
    }

    /** The socket, for what is not HTTP. */
    TestSocket wire() {
        return wire;
    }

    static String head(String method, String target, String... headers) {
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines + "\r\n";
    }

    HttpWire get(String target, String... headers) throws IOException {
        return request("GET", target, headers);
    }

    HttpWire request(String method, String target, String... headers) throws IOException {
        wire.send(head(method, target, headers));
        return this;
    }

    /** Sends a request whose body's length is told. {@code type} is a whole header line. */
    HttpWire post(String target, String type, byte... body) throws IOException {
        wire.send(head("POST", target, type, "Content-Length: " + body.length));
        wire.send(body);
        return this;
    }

    Head readHead() throws IOException {
        return Head.of(wire.readUntil("\r\n\r\n"));
    }

    /** The head and the whole body. */
    Answer readAnswer() throws IOException {
        Head head = readHead();
        return new Answer(head, readBody(head));
    }

    private byte[] readBody(Head head) throws IOException {
        if (head.status() == 204) {
            return new byte[0];
        }
        if (head.is("Transfer-Encoding", "chunked")) {
            return new ChunkedBody().readAllBytes();
        }
        List<String> length = head.values("Content-Length");
        return length.isEmpty() ? wire.readToEnd() : wire.read(Integer.parseInt(length.getFirst()));
    }

    /** What the next chunk carries; empty for the last. */
    byte[] readChunk() throws IOException {
        String size = wire.readUntil("\r\n");
        byte[] chunk = wire.read(Integer.parseInt(size.strip(), 16));
        if (wire.read() != '\r' || wire.read() != '\n') {
            throw new IOException("A chunk of " + size.strip() + " bytes does not end there");
        }
        return chunk;
    }

    /** A chunked body as text, for reading on while it grows. Ends with the last chunk, not with the connection. */
    BufferedReader lines() {
        return new BufferedReader(new InputStreamReader(new ChunkedBody(), StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }

    /** Closes with a reset: for what the server would go on sending. */
    void reset() throws IOException {
        wire.resetOnClose();
        wire.close();
    }

    /** A status line and headers. */
    record Head(int status, String text) {

        static Head of(String text) {
            return new Head(Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length())), text);
        }

        /** Every value of a header, in order. */
        List<String> values(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ": ";
            return text.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()))
                    .toList();
        }

        boolean is(String name, String value) {
            return values(name).equals(List.of(value));
        }

        /** The content type without its parameters. */
        String type() {
            return String.join(",", values("Content-Type")).replaceFirst(";.*", "");
        }
    }

    /** A whole answer. */
    static final class Answer {

        private final Head head;
        private final byte[] bytes;

        private Answer(Head head, byte[] bytes) {
            this.head = head;
            this.bytes = bytes;
        }

        Head head() {
            return head;
        }

        byte[] bytes() {
            return bytes;
        }

        int status() {
            return head.status();
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return JSON.readTree(bytes);
        }
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    /** The bytes within the chunks. */
    private final class ChunkedBody extends InputStream {

        private byte[] chunk = {};
        private int next;
        private boolean over;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (next == chunk.length && !over) {
                chunk = readChunk();
                next = 0;
                over = chunk.length == 0;
            }
            if (over) {
                return -1;
            }
            int copied = Math.min(length, chunk.length - next);
            System.arraycopy(chunk, next, target, offset, copied);
            next += copied;
            return copied;
        }
    }
}
