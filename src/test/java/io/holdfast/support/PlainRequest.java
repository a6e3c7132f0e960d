// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One HTTP request on a connection of its own, and its answer. */
public final class PlainRequest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private PlainRequest() {}

    /**
     * What was answered.
     *
     * @param head up to the empty line, in lower case, as {@code retry-after: 5}
     */
    public record Answer(int status, String head, String body) {

        public JsonNode json() {
            return JSON.readTree(body);
        }

        /** The value of the first header field with this name; null if there is none. */
        public @Nullable String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse(null);
        }
    }

    public static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    public static Answer get(int port, String path) throws IOException {
        return send(port, "GET", path);
    }

    /** Any method, without a body. */
    public static Answer send(int port, String method, String path) throws IOException {
        try (TestSocket wire = TestSocket.connect(port)) {
            wire.send(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            return read(wire);
        }
    }

    /** The answer that is on its way on {@code wire}, whose body has an announced length or ends with the connection. */
    public static Answer read(TestSocket wire) throws IOException {
        String head = wire.readUntil("\r\n\r\n").toLowerCase(Locale.ROOT);
        int status = Integer.parseInt(head.substring(9, 12));
        Matcher length = Pattern.compile("content-length: (\\d+)").matcher(head);
        byte[] body = length.find() ? wire.read(Integer.parseInt(length.group(1))) : body(wire, head);
        return new Answer(status, head, new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] body(TestSocket wire, String head) throws IOException {
        if (!head.contains("transfer-encoding: chunked")) {
            return wire.readToEnd();
        }
        StringBuilder body = new StringBuilder();
        while (true) {
            int length = Integer.parseInt(wire.readUntil("\r\n").strip(), 16);
            body.append(new String(wire.read(length), StandardCharsets.UTF_8));
            wire.read(2);
            if (length == 0) {
                return body.toString().getBytes(StandardCharsets.UTF_8);
            }
        }
    }
}
