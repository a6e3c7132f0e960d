// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A connection that speaks the channel protocol in JSON: sends commands and reads events. */
public abstract sealed class JsonTalk implements Closeable {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** What carries the JSON. */
    public enum Way {
        WEBSOCKET,
        TCP
    }

    protected final TestSocket wire;
    protected final DataInputStream in;
    private JsonNode welcome = JSON.nullNode();

    private JsonTalk(TestSocket wire) throws IOException {
        this.wire = wire;
        this.in = new DataInputStream(new BufferedInputStream(wire.input()));
    }

    /** Connects, and reads the welcome. */
    public static JsonTalk open(Way way, Ports ports) throws IOException {
        return open(way, way == Way.TCP ? TestSocket.connect(ports.tcpLines()) : ports.connect());
    }

    /** Lines over a connection that is there. Reads the welcome. */
    public static JsonTalk lines(TestSocket wire) throws IOException {
        return open(Way.TCP, wire);
    }

    /** A WebSocket whose handshake was answered. Reads the welcome. */
    public static JsonTalk upgraded(TestSocket wire) throws IOException {
        JsonTalk talk = new Messages(RawWebSocket.upgraded(wire));
        talk.welcome = talk.hear("welcome");
        return talk;
    }

    private static JsonTalk open(Way way, TestSocket wire) throws IOException {
        try {
            JsonTalk talk = way == Way.TCP ? new Lines(wire) : new Messages(RawWebSocket.open(wire, "/channels"));
            talk.welcome = talk.hear("welcome");
            return talk;
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    public abstract Way way();

    /** Sends a command. */
    public abstract JsonTalk say(String command) throws IOException;

    /**
     * The next event as it came.
     *
     * @throws EOFException if the server ended the talk
     */
    public abstract String hearText() throws IOException;

    public JsonNode hear() throws IOException {
        return JSON.readTree(hearText());
    }

    /** The next event, which has to be of a type. A ping may come at any time before it. */
    public JsonNode hear(String type) throws IOException {
        JsonNode event = hear();
        while (isOf("ping", event) && !type.equals("ping")) {
            event = hear();
        }
        if (!isOf(type, event)) {
            throw new IOException("not '" + type + "' but " + event);
        }
        return event;
    }

    private static boolean isOf(String type, JsonNode event) {
        return event.path("type").asString("").equals(type);
    }

    public JsonNode welcome() {
        return welcome;
    }

    public TestSocket wire() {
        return wire;
    }

    /** Reads to the end, and ends this side too: the close frame's code, or the goodbye's; empty if there was none. */
    public abstract String awaitEnd() throws IOException;

    /** Closes it with a reset, unless it is closed already. */
    public void reset() throws IOException {
        try {
            wire.resetOnClose();
        } catch (SocketException e) {
            return;
        }
        wire.close();
    }

    @Override
    public void close() throws IOException {
        reset();
    }

    /** One a line, over TCP. */
    public static final class Lines extends JsonTalk {

        private Lines(TestSocket wire) throws IOException {
            super(wire);
        }

        @Override
        public Way way() {
            return Way.TCP;
        }

        @Override
        public JsonTalk say(String command) throws IOException {
            wire.send(command + "\n");
            return this;
        }

        @Override
        public String hearText() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int next;
            while ((next = in.read()) != '\n') {
                if (next < 0) {
                    throw new EOFException("ended after: " + line.toString(StandardCharsets.UTF_8));
                }
                line.write(next);
            }
            return line.toString(StandardCharsets.UTF_8);
        }

        @Override
        public String awaitEnd() throws IOException {
            String code = "";
            try (wire) {
                while (true) {
                    JsonNode event = hear();
                    code = event.path("type").asString("").equals("goodbye")
                            ? event.path("code").asString("")
                            : "";
                }
            } catch (EOFException e) {
                return code;
            }
        }
    }

    /** One a text message, over WebSocket. Pings are answered. */
    public static final class Messages extends JsonTalk {

        private final RawWebSocket webSocket;

        private Messages(RawWebSocket webSocket) throws IOException {
            super(webSocket.wire());
            this.webSocket = webSocket;
        }

        @Override
        public Way way() {
            return Way.WEBSOCKET;
        }

        /** For sending what is no command. */
        public RawWebSocket webSocket() {
            return webSocket;
        }

        @Override
        public JsonTalk say(String command) throws IOException {
            webSocket.send(command);
            return this;
        }

        @Override
        public String hearText() throws IOException {
            RawWebSocket.Frame frame = read();
            if (frame.opcode() == RawWebSocket.CLOSE) {
                throw new EOFException("closed with " + frame.closeCode());
            }
            return frame.text();
        }

        /** The next frame that is not a ping. */
        private RawWebSocket.Frame read() throws IOException {
            while (true) {
                int opcode = in.readByte() & 0x0F;
                long length = in.readUnsignedByte();
                if (length == 126) {
                    length = in.readUnsignedShort();
                } else if (length == 127) {
                    length = in.readLong();
                }
                byte[] payload = new byte[Math.toIntExact(length)];
                in.readFully(payload);
                RawWebSocket.Frame frame = new RawWebSocket.Frame(opcode, ByteBuffer.wrap(payload));
                if (opcode != RawWebSocket.PING) {
                    return frame;
                }
                webSocket.pong(frame);
            }
        }

        @Override
        public String awaitEnd() throws IOException {
            try (wire) {
                RawWebSocket.Frame frame = read();
                while (frame.opcode() != RawWebSocket.CLOSE) {
                    frame = read();
                }
                webSocket.sendClose(frame.closeCode());
                return String.valueOf(frame.closeCode());
            } catch (EOFException e) {
                return "";
            }
        }
    }
}
