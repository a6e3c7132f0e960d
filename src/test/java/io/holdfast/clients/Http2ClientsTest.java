// SPDX-License-Identifier: Apache-2.0
package io.holdfast.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import io.holdfast.support.Program;
import io.holdfast.support.TestBundle;
import io.holdfast.support.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients of other projects over HTTP/2 and TLS, which is on without a setting. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
@ContextConfiguration(initializers = TestBundle.class)
@TestPropertySource(properties = "server.ssl.bundle=test")
class Http2ClientsTest {

    private static final String TICKS = "hello world\n".repeat(3);
    private static final int STREAMS = 40;

    private static ClientPrograms programs;

    @Autowired
    Ports ports;

    @BeforeAll
    static void preparePrograms() throws IOException {
        programs = new ClientPrograms();
    }

    private String url(String target) {
        return "https://localhost:" + ports.http() + target;
    }

    @ParameterizedTest
    @ValueSource(strings = {"go/http2.go", "node/http2.mjs"})
    void everyClientReadsAStreamOverHttp2(String program) throws Exception {
        List<String> command = Stream.concat(
                        programs.command(program).stream(), Stream.of(url("/stream?count=3&interval=10ms")))
                .toList();

        assertThat(output(command)).isEqualTo("HTTP/2.0\n" + TICKS);
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        try (Program started = Program.start(command.toArray(String[]::new))) {
            String output = started.output().lines().collect(Collectors.joining("\n", "", "\n"));
            assertThat(started.exitCode()).as(output).isZero();
            return output;
        }
    }

    @Test
    void curlReadsAStreamAndPublishes() throws Exception {
        Program.requireOnPath("curl");
        assertThat(output(List.of(
                        "curl", "-skN", "--http2", "-w", "%{http_version}", url("/stream?count=3&interval=10ms"))))
                .isEqualTo(TICKS + "2\n");
        assertThat(output(List.of("curl", "-sk", "--http2", "-w", "%{http_version}", "-d", "hello", url("/echo"))))
                .isEqualTo("hello2\n");
    }

    /** 500 requests, 10 at once on each of 4 connections. */
    @Test
    void h2loadFindsNoFault() throws Exception {
        Program.requireOnPath("h2load");

        assertThat(output(List.of("h2load", "-n", "500", "-c", "4", "-m", "10", url("/inspect"))))
                .contains("500 succeeded, 0 failed, 0 errored, 0 timeout");
    }

    @Test
    void jdkClientHasManyStreamsOnOneSession() throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TestCertificate.client(null, TestBundle.SERVER))
                .build()) {
            List<InputStream> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                HttpResponse<InputStream> stream =
                        client.send(request("/channels/many?label=many").build(), BodyHandlers.ofInputStream());
                assertThat(stream.version()).isEqualTo(HttpClient.Version.HTTP_2);
                streams.add(stream.body());
            }

            HttpResponse<String> published = client.send(
                    request("/channels/many")
                            .POST(BodyPublishers.ofString("hello"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(published.statusCode()).isEqualTo(201);
            for (InputStream stream : streams) {
                assertThat(readUntil(stream, "data: hello")).contains("event: welcome");
            }
            JsonNode rows = JsonMapper.shared()
                    .readTree(client.send(request("/actuator/connections").build(), BodyHandlers.ofString())
                            .body())
                    .get("connections");
            assertThat(rows.valueStream()).hasSize(STREAMS).allSatisfy(row -> {
                assertThat(row.get("protocol").asString()).isEqualTo("h2");
                assertThat(row.get("tls").asBoolean()).isTrue();
                assertThat(row.get("session")).isEqualTo(rows.get(0).get("session"));
            });
            for (InputStream stream : streams) {
                stream.close();
            }
        }
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(url(target)));
    }

    private static String readUntil(InputStream stream, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int next = stream.read();
            if (next < 0) {
                throw new IOException("ended after " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }
}
