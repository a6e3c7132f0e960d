// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket client (RFC 6455) that sends and reads frame by frame, and answers nothing by itself. */
public final class RawWebSocket implements Closeable {

    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

    private final TestSocket wire;

    private RawWebSocket(TestSocket wire) {
        this.wire = wire;
    }

    /** One frame from the server. */
    public record Frame(int opcode, ByteBuffer payload) {

        public String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }

        /** The code of a close frame. */
        public int closeCode() {
            return payload.getShort(0) & 0xFFFF;
        }

        /** The reason of a close frame. */
        public String closeText() {
            return StandardCharsets.UTF_8
                    .decode(payload.duplicate().position(2))
                    .toString();
        }
    }

    /** The request that asks for an upgrade. */
    public static String handshake(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    }

    public static RawWebSocket open(TestSocket wire, String path) throws IOException {
        wire.send(handshake(path));
        String head = wire.readUntil("\r\n\r\n");
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("no upgrade: " + head);
        }
        return new RawWebSocket(wire);
    }

    /** On a wire whose handshake is over. */
    public static RawWebSocket upgraded(TestSocket wire) {
        return new RawWebSocket(wire);
    }

    public TestSocket wire() {
        return wire;
    }

    public RawWebSocket send(String text) throws IOException {
        return send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A whole message, or a control frame. */
    public RawWebSocket send(int opcode, byte... payload) throws IOException {
        ByteBuffer masked = ByteBuffer.allocate(payload.length);
        for (int i = 0; i < payload.length; i++) {
            masked.put((byte) (payload[i] ^ MASK[i % MASK.length]));
        }
        ByteBuffer header = header(0x80 | opcode, payload.length);
        wire.send(ByteBuffer.allocate(header.remaining() + payload.length)
                .put(header)
                .put(masked.flip())
                .array());
        return this;
    }

    /** Answers a ping. */
    public RawWebSocket pong(Frame ping) throws IOException {
        byte[] payload = new byte[ping.payload().remaining()];
        ping.payload().duplicate().get(payload);
        return send(PONG, payload);
    }

    /** Answers each ping, until nothing has arrived for {@code millis}. Any other frame fails. */
    public void pongUntilSilentFor(int millis) throws IOException {
        wire.timeout(millis);
        try {
            while (true) {
                Frame frame = read();
                if (frame.opcode() != PING) {
                    throw new IOException("not a ping but " + frame);
                }
                pong(frame);
            }
        } catch (SocketTimeoutException e) {
            wire.timeout(TestSocket.TIMEOUT_MILLIS);
        }
    }

    /** The beginning of a frame whose payload is up to the caller. */
    public RawWebSocket sendHeader(int first, long length) throws IOException {
        ByteBuffer header = header(first, length);
        byte[] bytes = new byte[header.remaining()];
        header.get(bytes);
        wire.send(bytes);
        return this;
    }

    public RawWebSocket sendClose(int code) throws IOException {
        return send(CLOSE, (byte) (code >> 8), (byte) code);
    }

    private static ByteBuffer header(int first, long length) {
        ByteBuffer header = ByteBuffer.allocate(14).put((byte) first);
        if (length < 126) {
            header.put((byte) (0x80 | length));
        } else if (length < 1 << 16) {
            header.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            header.put((byte) (0x80 | 127)).putLong(length);
        }
        return header.put(MASK).flip();
    }

    /**
     * The next frame.
     *
     * @throws EOFException if the server ended the connection before a whole frame
     */
    public Frame read() throws IOException {
        int first = wire.read();
        int second = wire.read();
        if (first < 0 || second < 0) {
            throw new EOFException("ended between frames");
        }
        long length = second;
        if (second == 126) {
            length = ByteBuffer.wrap(all(2)).getShort() & 0xFFFF;
        } else if (second == 127) {
            length = ByteBuffer.wrap(all(8)).getLong();
        }
        return new Frame(first & 0x0F, ByteBuffer.wrap(all((int) length)));
    }

    private byte[] all(int length) throws IOException {
        byte[] bytes = wire.read(length);
        if (bytes.length < length) {
            throw new EOFException("ended within a frame");
        }
        return bytes;
    }

    /** The next frame with {@code opcode}; others before it are passed over. */
    public Frame readNext(int opcode) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.opcode() == opcode) {
                return frame;
            }
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
