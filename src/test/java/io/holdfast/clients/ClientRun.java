// SPDX-License-Identifier: Apache-2.0
package io.holdfast.clients;

import io.holdfast.support.Ports;
import io.holdfast.support.Program;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client's program while it runs: it reads lines of text, and prints events as lines of JSON. */
final class ClientRun implements Closeable {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** From the start of the program to its end. */
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Program program;
    private final BufferedReader output;
    private final List<JsonNode> events = new ArrayList<>();

    private ClientRun(Program program) {
        this.program = program;
        this.output = program.output();
    }

    /** Starts a command with the arguments that every client takes. */
    static ClientRun start(List<String> command, String way, Ports ports, String channel) throws IOException {
        return start(command, way, ports, channel, List.of());
    }

    /** As above, with arguments that only some take. */
    static ClientRun start(List<String> command, String way, Ports ports, String channel, List<String> more)
            throws IOException {
        List<String> whole = new ArrayList<>(command);
        whole.add(way);
        whole.add(String.valueOf(ports.http()));
        boolean tls = way.equals("tls");
        whole.add(String.valueOf(tls ? ports.tcp("tls-echo") : ports.tcpEcho()));
        whole.add(String.valueOf(tls ? ports.tcp("tls-lines") : ports.tcpLines()));
        whole.add(channel);
        whole.addAll(more);
        return new ClientRun(Program.start(whole.toArray(String[]::new)).limitedTo(LIMIT));
    }

    ClientRun say(String line) throws IOException {
        program.say(line + "\n");
        return this;
    }

    /** Reads to the next event of a type. */
    JsonNode hear(String type) throws IOException, InterruptedException {
        JsonNode event;
        do {
            event = next();
            if (event == null) {
                throw new IOException("ended with " + program.exitCode() + " before '" + type + "', after " + events);
            }
        } while (!event.path("type").stringValue().equals(type));
        return event;
    }

    /** Reads to its end, which has to be a success. */
    void hearToEnd() throws IOException, InterruptedException {
        JsonNode event;
        do {
            event = next();
        } while (event != null);
        if (program.exitCode() != 0) {
            throw new IOException("ended with " + program.exitCode() + " after " + events);
        }
    }

    private @Nullable JsonNode next() throws IOException {
        String line = output.readLine();
        if (line == null) {
            return null;
        }
        JsonNode event = JSON.readTree(line);
        events.add(event);
        return event;
    }

    /** All events of a type so far. */
    List<JsonNode> heard(String type) {
        return events.stream()
                .filter(event -> event.path("type").stringValue().equals(type))
                .toList();
    }

    @Override
    public void close() {
        program.close();
    }
}
