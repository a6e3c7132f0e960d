// SPDX-License-Identifier: Apache-2.0
package io.holdfast.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import io.holdfast.support.TestBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients of other projects, each in a small program under {@code src/test/clients}. All play the same scenario. The
 * arguments are the way to connect, the ports of HTTP, of the TCP echo and of the TCP lines, and a channel. What a client
 * receives, it prints as an event of the channel protocol, one a line, whatever its transport.
 *
 * <ol>
 *   <li>It reads a line, sends it to an echo, and prints {@code echoed} with the answer.
 *   <li>It reads a line of JSON, subscribes, publishes this JSON, waits for the message, disconnects, and prints
 *       {@code left}.
 *   <li>It reads a line, resumes, and ends after the message {@code {"last":true}}.
 * </ol>
 *
 * An EventSource does not wait for the last line: it reconnects by itself.
 */
@HoldfastTest
@ExtendWith(NothingLeft.class)
@ContextConfiguration(initializers = TestBundle.class)
@TestPropertySource(
        properties = {
            "holdfast.tcp.listeners.tls-echo.port=0",
            "holdfast.tcp.listeners.tls-echo.ssl.bundle=test",
            "holdfast.tcp.listeners.tls-lines.port=0",
            "holdfast.tcp.listeners.tls-lines.protocol=lines",
            "holdfast.tcp.listeners.tls-lines.ssl.bundle=test"
        })
class ClientProgramsTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Not ASCII, and longer than a WebSocket's frame whose length has 16 bits. */
    private static final String TEXT = "hello wörld ✓ ".repeat(5000) + "!";

    private static final String PUBLISHED = "{\"text\":\"grüße ✓\",\"price\":7}";
    private static final List<String> MISSED = List.of("{\"missed\":1}", "{\"missed\":2}");
    private static final String LAST = "{\"last\":true}";

    private static ClientPrograms programs;

    @Autowired
    Ports ports;

    /** What a subscriber gets of a message on every transport. */
    private record Received(String position, JsonNode data) {

        static Received of(JsonNode message) {
            return new Received(message.get("position").stringValue(), message.get("data"));
        }
    }

    @BeforeAll
    static void preparePrograms() throws IOException {
        programs = new ClientPrograms();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(textBlock = """
                    jdk/Client.java,             sse
                    jdk/Client.java,             websocket
                    go/client.go,                websocket
                    python/websockets_client.py, websocket
                    python/websockets_client.py, window-of-15-bits
                    python/aiohttp_client.py,    ndjson
                    python/aiohttp_client.py,    websocket
                    node/ws.mjs,                 websocket
                    node/undici.mjs,             fetch
                    node/undici.mjs,             websocket
                    node/undici.mjs,             eventsource
                    node/eventsource.mjs,        eventsource
                    shell/curl.sh,               sse
                    shell/nc.sh,                 tcp
                    shell/openssl.sh,            tls
                    go/tls.go,                   tls
                    """)
    void everyClientEchoesAndPublishesAndResumesWithoutLossOrRepetition(String program, String way) throws Exception {
        List<String> command = programs.command(program);
        String channel = program.replace('/', '.') + "-" + way;
        try (JsonTalk witness = JsonTalk.open(JsonTalk.Way.TCP, ports);
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, ports);
                ClientRun client = ClientRun.start(command, way, ports, channel)) {
            witness.say("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}")
                    .hear("subscribed");

            assertThat(client.say(TEXT).hear("echoed").get("data").stringValue())
                    .isEqualTo(TEXT);

            client.say(PUBLISHED).hear("left");
            Received published = Received.of(witness.hear("message"));
            assertThat(published.data()).isEqualTo(JSON.readTree(PUBLISHED));
            assertThat(client.heard("published"))
                    .extracting(answer -> answer.get("position").stringValue())
                    .containsExactly(published.position());

            List<Received> sent = new ArrayList<>(List.of(published));
            for (String missed : MISSED) {
                sent.add(publish(publisher, channel, missed));
            }
            client.say("resume").hear("subscribed");
            sent.add(publish(publisher, channel, LAST));
            client.hearToEnd();

            assertThat(client.heard("message")).extracting(Received::of).isEqualTo(sent);
            assertThat(client.heard("gap")).isEmpty();
            assertThat(client.heard("error")).isEmpty();
        }
    }

    private static Received publish(ChannelPublisher publisher, String channel, String data) throws IOException {
        return new Received(publisher.publish(channel, data), JSON.readTree(data));
    }

    @Test
    void theLockFileOfTheNodePackagesNamesNoHost() throws IOException {
        assertThat(Files.readString(Path.of("src/test/clients/node/package-lock.json")))
                .contains("\"integrity\"")
                .doesNotContain("://");
    }
}
