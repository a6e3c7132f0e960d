// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A conversation on a channel of asyncapi.json: a WebSocket or a TCP connection, message by message. */
final class ApiTalk implements Closeable {

    private final TestSocket wire;
    private final @Nullable RawWebSocket webSocket;
    private final boolean isLines;
    private final StringBuilder heard = new StringBuilder();

    /** @param address of a WebSocket; null for TCP */
    private ApiTalk(TestSocket wire, @Nullable String address, boolean isLines) throws IOException {
        this.wire = wire;
        this.webSocket = address == null ? null : RawWebSocket.open(wire, address);
        this.isLines = isLines;
    }

    /**
     * Opens it.
     *
     * @param heartbeats whether heartbeats are to come soon, each an event
     */
    static ApiTalk open(String name, JsonNode channel, Ports ports, boolean heartbeats) throws IOException {
        boolean isLines = name.contains("lines");
        JsonNode address = channel.get("address");
        if (address.isNull()) {
            int port = !isLines ? ports.tcpEcho() : heartbeats ? ports.tcp("beats") : ports.tcpLines();
            return new ApiTalk(TestSocket.connect(port), null, isLines);
        }
        String query = heartbeats ? "?heartbeat=data&heartbeat-interval=100ms" : "";
        return new ApiTalk(ports.connect(), address.asString() + query, isLines);
    }

    /** Sends a message: JSON, or a text. */
    void say(JsonNode payload, boolean asBytes) throws IOException {
        String text = text(payload) + (isLines ? "\n" : "");
        if (webSocket == null) {
            wire.send(text);
        } else {
            int opcode = asBytes || isLines ? RawWebSocket.BINARY : RawWebSocket.TEXT;
            webSocket.send(opcode, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    static String text(JsonNode payload) {
        return payload.isString() ? payload.asString() : payload.toString();
    }

    /** The next message as it came. */
    String hear() throws IOException {
        if (!isLines) {
            return next();
        }
        while (heard.indexOf("\n") < 0) {
            heard.append(next());
        }
        String line = heard.substring(0, heard.indexOf("\n"));
        heard.delete(0, line.length() + 1);
        return line;
    }

    private String next() throws IOException {
        if (webSocket == null) {
            String some = wire.readSome();
            if (some.isEmpty()) {
                throw new EOFException("the service ended the connection");
            }
            return some;
        }
        RawWebSocket.Frame frame = webSocket.read();
        assertThat(frame.opcode()).as(frame.text()).isIn(RawWebSocket.TEXT, RawWebSocket.BINARY);
        return frame.text();
    }

    @Override
    public void close() throws IOException {
        wire.resetOnClose();
        wire.close();
    }
}
