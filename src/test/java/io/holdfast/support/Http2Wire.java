// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackEncoder;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.eclipse.jetty.util.BufferUtil;

/** A client of HTTP/2 (RFC 9113) that sends and reads frame by frame, and answers nothing by itself. */
public final class Http2Wire implements Closeable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int ACK = 1;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    /** Identifiers of settings. */
    public static final int INITIAL_WINDOW_SIZE = 4;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LARGEST_HEAD = 64 * 1024;

    private final TestSocket wire;
    private final HpackEncoder encoder = new HpackEncoder();
    private final HpackDecoder decoder = new HpackDecoder(LARGEST_HEAD, System::nanoTime);

    /**
     * On a new connection.
     *
     * @param wire nothing was sent on it
     */
    public Http2Wire(TestSocket wire) {
        this.wire = wire;
        encoder.setTableCapacity(0);
        encoder.setMaxHeaderListSize(LARGEST_HEAD);
    }

    /** One frame from the server. */
    public record Frame(int type, int flags, int stream, ByteBuffer payload) {

        public boolean is(int flag) {
            return (flags & flag) != 0;
        }

        /** The code of a GOAWAY or RST_STREAM. */
        public int error() {
            return payload.getInt(type == GOAWAY ? 4 : 0);
        }

        public String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }
    }

    /** With the client's preface and settings sent. */
    public static Http2Wire open(TestSocket wire, int... settings) throws IOException {
        return new Http2Wire(wire).preface(settings);
    }

    /**
     * Sends the client's preface and settings.
     *
     * @param settings identifiers, each followed by its value
     */
    public Http2Wire preface(int... settings) throws IOException {
        wire.send(PREFACE);
        return settings(settings);
    }

    public Http2Wire settings(int... settings) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return send(SETTINGS, 0, 0, payload.array());
    }

    public TestSocket wire() {
        return wire;
    }

    public Http2Wire send(int type, int flags, int stream, byte... payload) throws IOException {
        wire.send(frame(type, flags, stream, payload));
        return this;
    }

    public static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /**
     * Sends the head of a request.
     *
     * @param end whether it has no body
     * @param headers name and value in turn
     */
    public Http2Wire request(int stream, boolean end, String method, String target, String... headers)
            throws IOException {
        return head(stream, end, new MetaData.Request(method, uri(target), HttpVersion.HTTP_2, fields(headers)));
    }

    /** Asks for a WebSocket (RFC 8441). */
    public Http2Wire connect(int stream, String target, String... headers) throws IOException {
        HttpURI uri = uri(target);
        return head(
                stream,
                false,
                new MetaData.ConnectRequest(
                        uri.getScheme(),
                        new org.eclipse.jetty.http.HostPortHttpField(uri.getAuthority()),
                        uri.getPathQuery(),
                        fields(headers),
                        "websocket"));
    }

    private Http2Wire head(int stream, boolean end, MetaData.Request request) throws IOException {
        return send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, encode(request));
    }

    private byte[] encode(MetaData request) throws IOException {
        ByteBuffer block = BufferUtil.allocate(LARGEST_HEAD);
        int start = BufferUtil.flipToFill(block);
        try {
            encoder.encode(block, request);
        } catch (HpackException e) {
            throw new IOException(e);
        }
        BufferUtil.flipToFlush(block, start);
        return BufferUtil.toArray(block);
    }

    private static HttpURI uri(String target) {
        return HttpURI.from("http://127.0.0.1" + target);
    }

    private static HttpFields fields(String... headers) {
        HttpFields.Mutable fields = HttpFields.build();
        for (int i = 0; i < headers.length; i += 2) {
            fields.add(headers[i], headers[i + 1]);
        }
        return fields;
    }

    public Http2Wire data(int stream, boolean end, byte... bytes) throws IOException {
        return send(DATA, end ? END_STREAM : 0, stream, bytes);
    }

    public Http2Wire reset(int stream) throws IOException {
        return send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /** Lets the server send {@code bytes} more on a stream; on all of them if it is 0. */
    public Http2Wire window(int stream, int bytes) throws IOException {
        return send(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /**
     * The next frame.
     *
     * @throws EOFException if the server ended the connection
     */
    public Frame read() throws IOException {
        ByteBuffer head = ByteBuffer.wrap(all(9));
        int length = (head.get() & 0xFF) << 16 | (head.getShort() & 0xFFFF);
        int type = head.get();
        int flags = head.get();
        int stream = head.getInt();
        return new Frame(type, flags, stream, ByteBuffer.wrap(all(length)));
    }

    private byte[] all(int length) throws IOException {
        byte[] bytes = wire.read(length);
        if (bytes.length < length) {
            throw new EOFException("ended within or before a frame");
        }
        return bytes;
    }

    /** The next frame of a type; others before it are passed over. */
    public Frame readNext(int type) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    /** The next frame of a stream. */
    public Frame readOf(int stream) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.stream() == stream) {
                return frame;
            }
        }
    }

    /** The head that a HEADERS frame carries. All have to be decoded, in their order. */
    public MetaData.Response head(Frame headers) throws IOException {
        try {
            return (MetaData.Response) decoder.decode(headers.payload());
        } catch (HpackException e) {
            throw new IOException(e);
        }
    }

    /** Names and values of a head, as lines of HTTP/1.1. */
    static List<String> lines(MetaData.Response head) {
        return head.getHttpFields().stream()
                .map(field -> inCapitals(field.getName()) + ": " + field.getValue())
                .toList();
    }

    private static String inCapitals(String name) {
        return Pattern.compile("\\b[a-z]")
                .matcher(name)
                .replaceAll(first -> first.group().toUpperCase(Locale.ROOT))
                .replace("Websocket", "WebSocket");
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
