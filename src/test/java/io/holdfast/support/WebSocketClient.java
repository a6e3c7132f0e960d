// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A client that sends just the frames a test says, valid or not, and reads them one by one (RFC 6455, section 5).
 *
 * <p>Confined to the test's thread, except that {@link #sendMeanwhile} sends on one of its own.
 */
public final class WebSocketClient implements Closeable {

    /** The key of RFC 6455, section 1.3, and what it has to be answered with. */
    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    public static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    public static final int FIN = 0x80;
    public static final int RSV1 = 0x40;
    public static final int RSV2 = 0x20;
    public static final int RSV3 = 0x10;
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    private static final int MASK = 0x37FA213D;

    private final TestSocket wire;
    private final String head;

    private WebSocketClient(TestSocket wire, String head) {
        this.wire = wire;
        this.head = head;
    }

    /**
     * Opens a WebSocket.
     *
     * @param headers whole lines to add to the handshake, as {@code Origin: http://example.org}
     */
    public static WebSocketClient connect(int port, String path, String... headers) throws IOException {
        TestSocket wire = TestSocket.connect(port);
        wire.send(handshake(path, headers));
        return opened(wire);
    }

    /** Takes over {@code wire}, on which a handshake was sent, once it was answered with 101. */
    public static WebSocketClient opened(TestSocket wire) throws IOException {
        String head = wire.readUntil("\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 101 ");
        return new WebSocketClient(wire, head);
    }

    /** A handshake that is valid as far as {@code headers} let it. */
    public static String handshake(String path, String... headers) {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: " + KEY + "\r\nSec-WebSocket-Version: 13\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    /** The head of the handshake's answer. */
    public String head() {
        return head;
    }

    public TestSocket wire() {
        return wire;
    }

    /** One masked frame; {@code first} is its first byte: FIN, reserved bits and opcode. */
    public static byte[] frame(int first, byte... payload) {
        ByteBuffer frame = header(first, payload.length, 14 + payload.length);
        int start = frame.position();
        frame.put(payload);
        for (int i = 0; i < payload.length; i++) {
            frame.put(start + i, (byte) (payload[i] ^ (MASK >>> (24 - 8 * (i & 3)))));
        }
        return bytes(frame.flip());
    }

    public static byte[] frame(int first, String payload) {
        return frame(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** What comes before the payload of a frame that declares {@code length} bytes of it, even none or too many. */
    public static byte[] header(int first, long length) {
        return bytes(header(first, length, 14).flip());
    }

    private static ByteBuffer header(int first, long length, int capacity) {
        ByteBuffer frame = ByteBuffer.allocate(capacity).put((byte) first);
        if (length >= 0 && length < 126) {
            frame.put((byte) (0x80 | length));
        } else if (length >= 0 && length < 1 << 16) {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(length);
        }
        return frame.putInt(MASK);
    }

    /** A whole text message in one frame. */
    public static byte[] text(String text) {
        return frame(FIN | TEXT, text);
    }

    /** A close frame with {@code code} and {@code reason}. */
    public static byte[] close(int code, byte... reason) {
        return frame(
                FIN | CLOSE,
                bytes(ByteBuffer.allocate(2 + reason.length)
                        .putShort((short) code)
                        .put(reason)
                        .flip()));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** All of {@code parts} as one array. */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** Sends {@code frames} in one write. */
    public WebSocketClient send(byte[]... frames) throws IOException {
        wire.send(join(frames));
        return this;
    }

    /** Sends {@code frames}, a write each, on a thread of its own: for more than fits between two that don't read. */
    public CompletableFuture<Void> sendMeanwhile(List<byte[]> frames) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        for (byte[] frame : frames) {
                            wire.send(frame);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> Thread.ofVirtual().name("sending").start(task));
    }

    /** The next frame, which must be unmasked as a server's are. */
    public Frame readFrame() throws IOException {
        int first = wire.read();
        int length = wire.read();
        assertThat(length).as("length of a frame").isBetween(0, 127);
        ByteBuffer extended = ByteBuffer.wrap(wire.read(length == 127 ? 8 : length == 126 ? 2 : 0));
        int size = switch (length) {
            case 127 -> Math.toIntExact(extended.getLong());
            case 126 -> extended.getShort() & 0xFFFF;
            default -> length;
        };
        byte[] payload = wire.read(size);
        assertThat(payload.length).as("payload that arrived").isEqualTo(size);
        return new Frame(first, ByteBuffer.wrap(payload));
    }

    /** The next message, put together from its fragments; no control frame may come before its end. */
    public Frame readMessage() throws IOException {
        List<Frame> between = new ArrayList<>();
        Frame message = readMessage(between);
        assertThat(between).as("control frames").isEmpty();
        return message;
    }

    /** The next message, put together from its fragments; control frames on the way are added to {@code between}. */
    public Frame readMessage(List<Frame> between) throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        int first = -1;
        while (true) {
            Frame frame = readFrame();
            if (frame.opcode() >= CLOSE) {
                between.add(frame);
                assertThat(frame.opcode()).as("%s inside a message", frame).isNotEqualTo(CLOSE);
                continue;
            }
            assertThat(frame.opcode() == CONTINUATION).as("%s continues", frame).isEqualTo(first >= 0);
            first = first < 0 ? frame.first() : first;
            joined.writeBytes(frame.bytes());
            if ((frame.first() & FIN) != 0) {
                return new Frame(first | FIN, ByteBuffer.wrap(joined.toByteArray()));
            }
        }
    }

    /** The code of the close frame that comes next, 1005 if it has none, after which the server must end TCP. */
    public int readCloseAndEnd() throws IOException {
        Frame frame = readFrame();
        assertThat(frame.opcode()).as("opcode of %s", frame).isEqualTo(CLOSE);
        assertThat(wire.read()).as("after %s", frame).isEqualTo(-1);
        return frame.closeCode();
    }

    /** Closes the socket, without a close frame. */
    @Override
    public void close() throws IOException {
        wire.close();
    }

    /** What a server sent: {@code first} is the first byte with FIN, reserved bits and opcode. */
    public record Frame(int first, ByteBuffer payload) {

        public static Frame of(int first, byte... payload) {
            return new Frame(first, ByteBuffer.wrap(payload));
        }

        public static Frame of(int first, String payload) {
            return of(first, payload.getBytes(StandardCharsets.UTF_8));
        }

        public int opcode() {
            return first & 0x0F;
        }

        public boolean compressed() {
            return (first & RSV1) != 0;
        }

        /** A copy of the payload. */
        public byte[] bytes() {
            return WebSocketClient.bytes(payload.duplicate());
        }

        public String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        /** Of a close frame: its code, or 1005 for none. */
        public int closeCode() {
            return payload.remaining() == 0 ? 1005 : payload.getShort(0) & 0xFFFF;
        }

        /** Of a close frame: its reason, empty for none. */
        public String closeReason() {
            return payload.remaining() <= 2 ? "" : text().substring(2);
        }

        @Override
        public String toString() {
            return "frame %02x of %d bytes%s"
                    .formatted(
                            first,
                            payload.remaining(),
                            opcode() == CLOSE ? " (" + closeCode() + " " + closeReason() + ")" : "");
        }
    }
}
