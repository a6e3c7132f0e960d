// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.TestTokens;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service under test, in the state that the examples tell of: the channel news has a subscriber and 42 messages, the last of
 * which is a price, and the tokens of Mallory are refused. The examples have {@code k3f9}, {@code c-web-1-2f} and
 * {@code eyJhbGciOi…} for what only a running service knows.
 */
final class RunningService implements AutoCloseable {

    private static final String EPOCH = "k3f9";
    private static final String CONNECTION = "c-web-1-2f";
    private static final String TOKEN = "eyJhbGciOi…";
    private static final int MESSAGES = 42;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Ports ports;
    private final String epoch;
    private final String alice = TestTokens.of("alice", "**");
    private final InputStream subscriber;

    RunningService(Ports ports) throws IOException, InterruptedException {
        this.ports = ports;
        String position = "";
        for (int i = 1; i <= MESSAGES; i++) {
            HttpResponse<InputStream> published = send(
                    "POST",
                    "/channels/news?event=price",
                    Map.of("Content-Type", "application/json"),
                    "{\"price\":7}".getBytes(StandardCharsets.UTF_8));
            position = JsonMapper.shared()
                    .readTree(published.body())
                    .get("position")
                    .asString();
        }
        assertThat(position).endsWith(":" + MESSAGES);
        epoch = position.substring(0, position.indexOf(':'));
        HttpResponse<InputStream> revoked = send(
                "POST",
                "/actuator/revocations",
                Map.of("Content-Type", "application/json"),
                "{\"subject\":\"mallory\",\"until\":\"2030-01-01T00:00:00Z\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(revoked.statusCode()).isEqualTo(200);
        subscriber = send("GET", "/channels/news", Map.of(), null).body();
    }

    /** Alice's, for an hour, and for every channel. */
    String alice() {
        return alice;
    }

    /** An example with what the service knows in the place of what stands for it. */
    String filledIn(String example, String connection) {
        return example.replace(EPOCH + ":", epoch + ":")
                .replace(CONNECTION, connection)
                .replace(TOKEN, alice);
    }

    static boolean namesAConnection(String example) {
        return example.contains(CONNECTION);
    }

    /** A stream of Alice's, to be closed; its id is in its welcome. */
    InputStream openStream() throws IOException, InterruptedException {
        return send("GET", "/channels/hers?label=alice-laptop", Map.of("Authorization", "Bearer " + alice), null)
                .body();
    }

    HttpResponse<InputStream> send(String method, String path, Map<String, String> headers, byte @Nullable [] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.http() + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofInputStream());
    }

    /** The events of the first so many blocks that end with {@code end}; fewer if the stream ends. */
    static List<String> read(InputStream stream, String end, int blocks) throws IOException {
        StringBuilder read = new StringBuilder();
        int left = blocks;
        // One byte a read: what follows is not there yet.
        for (int next = stream.read(); next >= 0 && left > 0; next = left > 0 ? stream.read() : -1) {
            read.append((char) next);
            if (read.toString().endsWith(end)) {
                left--;
            }
        }
        return List.of(read.toString().split(end));
    }

    @Override
    public void close() throws IOException {
        subscriber.close();
        client.shutdownNow();
        client.close();
    }
}
