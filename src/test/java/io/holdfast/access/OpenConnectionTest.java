// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.HttpStreamBody;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** What becomes of an open connection when its token ends, changes, or is revoked. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(properties = {"holdfast.access.secret=" + OpenConnectionTest.SECRET, "holdfast.access.warning=2s"})
class OpenConnectionTest {

    static final String SECRET = "a-secret-that-is-long-enough-for-hs256";

    private static final Duration LONG = Duration.ofHours(1);

    @Autowired
    Ports ports;

    private static String token(String subject, Duration validity, List<String> subscribe, Role... roles) {
        return token(subject, validity, subscribe, null, roles);
    }

    private static String token(
            String subject, Duration validity, List<String> subscribe, @Nullable String id, Role... roles) {
        List<ChannelPattern> patterns = subscribe.stream()
                .map(text -> ChannelPattern.of("subscribe", text))
                .toList();
        return Objects.requireNonNull(TokenSecret.of(SECRET))
                .sign(
                        subject,
                        new Permissions(patterns, patterns, Set.of(roles)),
                        "holdfast",
                        validity,
                        id,
                        InstantSource.system());
    }

    private JsonTalk open(JsonTalk.Way way, String token) throws IOException {
        JsonTalk talk = JsonTalk.open(way, ports);
        authenticate(talk, token);
        talk.hear("authenticated");
        return talk;
    }

    private static void authenticate(JsonTalk talk, String token) throws IOException {
        talk.say("{\"type\":\"authenticate\",\"id\":1,\"token\":\"" + token + "\"}");
    }

    private static void subscribe(JsonTalk talk, String channel) throws IOException {
        talk.say("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}");
        talk.hear("subscribed");
    }

    private PlainRequest.Answer ask(String method, String path, String token, String body) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(method + " " + path
                    + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer "
                    + token + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + body);
            return PlainRequest.read(wire);
        }
    }

    /** An event stream, with its events as they come. */
    private record Stream(TestSocket wire, HttpStreamBody body, JsonNode welcome) implements AutoCloseable {

        /** The data of the next event. */
        static JsonNode event(HttpStreamBody body) throws IOException {
            String line = body.line();
            while (!line.startsWith("data:")) {
                line = body.line();
            }
            return PlainRequest.json(line.substring(5));
        }

        JsonNode next() throws IOException {
            return event(body);
        }

        /** The types of all events up to the end. */
        List<String> toEnd() throws IOException {
            List<String> types = new ArrayList<>();
            try {
                while (true) {
                    JsonNode event = next();
                    types.add(
                            event.path("type").asString("") + event.path("code").asString(""));
                }
            } catch (EOFException e) {
                return types;
            }
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    private static void ask(TestSocket wire, String channel, String token) throws IOException {
        wire.send("GET /channels/" + channel + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
                + "Authorization: Bearer " + token + "\r\n\r\n");
    }

    private Stream stream(String channel, String token) throws IOException {
        TestSocket wire = TestSocket.connect(ports.http());
        ask(wire, channel, token);
        HttpStreamBody body = new HttpStreamBody(wire);
        return new Stream(wire, body, Stream.event(body));
    }

    @ParameterizedTest
    @EnumSource(JsonTalk.Way.class)
    void connectionIsWarnedAndClosedAtTheEndOfItsToken(JsonTalk.Way way) throws IOException {
        Instant end = Instant.now().plusSeconds(3);
        try (JsonTalk talk = open(way, token("alice", Duration.ofSeconds(3), List.of("**")))) {
            subscribe(talk, "expiry");

            talk.hear("expiring");
            String code = talk.awaitEnd();

            assertThat(code).isEqualTo(way == JsonTalk.Way.TCP ? "expired" : "4003");
            assertThat(Instant.now()).isAfter(end.minusSeconds(1));
        }
    }

    @Test
    void streamIsWarnedAndClosedAtTheEndOfItsToken() throws IOException {
        try (Stream stream = stream("expiry", token("alice", Duration.ofSeconds(3), List.of("**")))) {
            assertThat(stream.toEnd()).containsExactly("expiring", "goodbyeexpired");
        }
    }

    @ParameterizedTest
    @EnumSource(JsonTalk.Way.class)
    void anotherTokenOfTheSameSubjectGoesOn(JsonTalk.Way way) throws IOException {
        try (JsonTalk talk = open(way, token("alice", Duration.ofSeconds(3), List.of("**")))) {
            subscribe(talk, "expiry");
            talk.hear("expiring");

            authenticate(talk, token("alice", Duration.ofSeconds(6), List.of("**")));

            assertThat(talk.hear("authenticated").path("subject").asString("")).isEqualTo("alice");
            // The next thing that happens is the warning for the second token: the first one's end did nothing.
            talk.hear("expiring");
        }
    }

    /** Its client needs the id of the connection to send another token. All come at once, so that subscribing takes time. */
    @Test
    void warningThatIsDueAtOnceComesAfterTheWelcome() throws IOException {
        String token = token("alice", Duration.ofSeconds(2), List.of("**"));
        List<TestSocket> wires = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            wires.add(TestSocket.connect(ports.http()));
        }
        for (TestSocket wire : wires) {
            ask(wire, "expiry", token);
        }
        for (TestSocket wire : wires) {
            try (wire) {
                HttpStreamBody body = new HttpStreamBody(wire);
                assertThat(Stream.event(body).path("type").asString("")).isEqualTo("welcome");
                assertThat(Stream.event(body).path("type").asString("")).isEqualTo("expiring");
            }
        }
    }

    @Test
    void streamGoesOnWithAnotherToken() throws IOException {
        try (Stream stream = stream("expiry", token("alice", Duration.ofSeconds(3), List.of("**")))) {
            String id = stream.welcome().path("connection").asString("");
            assertThat(stream.next().path("type").asString("")).isEqualTo("expiring");

            PlainRequest.Answer answer = ask(
                    "POST",
                    "/connections/" + id + "/authenticate",
                    token("alice", Duration.ofSeconds(6), List.of("**")),
                    "");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(stream.next().path("type").asString("")).isEqualTo("expiring");
        }
    }

    @ParameterizedTest
    @EnumSource(JsonTalk.Way.class)
    void tokenOfAnotherSubjectIsRefused(JsonTalk.Way way) throws IOException {
        try (JsonTalk talk = open(way, token("alice", LONG, List.of("news")))) {
            authenticate(talk, token("bob", LONG, List.of("**")));

            JsonNode error = talk.hear("error");
            assertThat(error.path("code").asString("")).isEqualTo("denied");
            assertThat(error.path("message").asString("")).contains("belongs to 'bob'");
            subscribe(talk, "news");
        }
    }

    @Test
    void streamOfAnotherSubjectIsRefused() throws IOException {
        try (Stream stream = stream("expiry", token("alice", LONG, List.of("**")))) {
            String id = stream.welcome().path("connection").asString("");
            String path = "/connections/" + id + "/authenticate";

            assertThat(ask("POST", path, token("bob", LONG, List.of("**")), "").status())
                    .isEqualTo(403);
            assertThat(ask("POST", "/connections/c-tested-fffff/authenticate", token("bob", LONG, List.of("**")), "")
                            .status())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(JsonTalk.Way.class)
    void badTokenLeavesTheConnectionAsItWas(JsonTalk.Way way) throws IOException {
        try (JsonTalk talk = open(way, token("alice", LONG, List.of("news")))) {
            authenticate(talk, "x.y.z");

            assertThat(talk.hear("error").path("code").asString("")).isEqualTo("unauthenticated");
            subscribe(talk, "news");
        }
    }

    @ParameterizedTest
    @EnumSource(JsonTalk.Way.class)
    void fewerPermissionsEndOnlyWhatTheyNoLongerCover(JsonTalk.Way way) throws IOException {
        try (JsonTalk talk = open(way, token("alice", LONG, List.of("news", "sport")))) {
            subscribe(talk, "news");
            subscribe(talk, "sport");

            authenticate(talk, token("alice", LONG, List.of("sport")));

            List<JsonNode> events = List.of(talk.hear(), talk.hear());
            assertThat(events)
                    .extracting(event -> event.path("type").asString(""))
                    .containsExactlyInAnyOrder("authenticated", "unsubscribed");
            assertThat(events)
                    .filteredOn(event -> event.path("type").asString("").equals("unsubscribed"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.path("channel").asString("")).isEqualTo("news");
                        assertThat(event.path("reason").asString("")).isEqualTo("denied");
                    });
            talk.say("{\"type\":\"publish\",\"channel\":\"sport\",\"data\":7}");
            List<String> rest = List.of(
                    talk.hear().path("type").asString(""),
                    talk.hear().path("type").asString(""));
            assertThat(rest).containsExactlyInAnyOrder("published", "message");
        }
    }

    @Test
    void fewerPermissionsEndAStream() throws IOException {
        try (Stream stream = stream("news", token("alice", LONG, List.of("news")))) {
            String id = stream.welcome().path("connection").asString("");

            ask("POST", "/connections/" + id + "/authenticate", token("alice", LONG, List.of("sport")), "");

            assertThat(stream.toEnd()).containsExactly("unsubscribed", "goodbyerevoked");
        }
    }

    /** Commands that were sent right after a token wait for it, also if the client ends its side then. */
    @Test
    void commandsAfterATokenWaitForIt() throws IOException {
        try (JsonTalk talk = JsonTalk.open(JsonTalk.Way.TCP, ports)) {
            StringBuilder lines = new StringBuilder(
                    "{\"type\":\"authenticate\",\"token\":\"" + token("carol", LONG, List.of("**")) + "\"}\n");
            for (int i = 0; i < 50; i++) {
                lines.append("{\"type\":\"publish\",\"channel\":\"burst\",\"id\":")
                        .append(i)
                        .append(",\"data\":1}\n");
            }
            talk.wire().send(lines.toString());
            talk.wire().sendFin();

            talk.hear("authenticated");
            for (int i = 0; i < 50; i++) {
                talk.hear("published");
            }
            assertThat(talk.awaitEnd()).isEmpty();
        }
    }

    /** Of several tokens in a row, each decides what the commands after it may do. */
    @Test
    void tokensInARowAreTakenInTheirOrder() throws IOException {
        int rounds = 20;
        try (JsonTalk talk = JsonTalk.open(JsonTalk.Way.TCP, ports)) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < rounds; i++) {
                lines.append("{\"type\":\"authenticate\",\"token\":\"")
                        .append(token("erin", LONG.plusSeconds(i), List.of("row" + i)))
                        .append("\"}\n");
                lines.append("{\"type\":\"publish\",\"channel\":\"row")
                        .append(i)
                        .append("\",\"data\":1}\n");
            }
            talk.wire().send(lines.toString());

            for (int i = 0; i < rounds; i++) {
                talk.hear("authenticated");
                talk.hear("published");
            }
        }
    }

    @Test
    void operatorClosesAllConnectionsOfASubject() throws IOException {
        String olga = token("olga", LONG, List.of(), Role.OPERATOR);
        try (JsonTalk alice = open(JsonTalk.Way.WEBSOCKET, token("alice", LONG, List.of("**")));
                JsonTalk line = open(JsonTalk.Way.TCP, token("alice", LONG, List.of("**")));
                JsonTalk bob = open(JsonTalk.Way.TCP, token("bob", LONG, List.of("**")));
                Stream stream = stream("news", token("alice", LONG, List.of("**")))) {
            assertThat(ask("DELETE", "/actuator/connections?subject=alice", olga, "")
                            .status())
                    .isEqualTo(200);

            assertThat(alice.awaitEnd()).isEqualTo("4004");
            assertThat(line.awaitEnd()).isEqualTo("revoked");
            assertThat(stream.toEnd()).containsExactly("goodbyerevoked");
            subscribe(bob, "news");
            // Her token is still accepted.
            open(JsonTalk.Way.TCP, token("alice", LONG, List.of("**"))).close();
        }
    }

    @Test
    void revokedSubjectIsClosedAndRefused() throws IOException {
        String olga = token("olga", LONG, List.of(), Role.OPERATOR);
        String token = token("mallory", LONG, List.of("**"));
        try (JsonTalk open = open(JsonTalk.Way.WEBSOCKET, token)) {
            String until = Instant.now().plusSeconds(60).toString();

            PlainRequest.Answer answer =
                    ask("POST", "/actuator/revocations", olga, "{\"subject\":\"mallory\",\"until\":\"" + until + "\"}");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(open.awaitEnd()).isEqualTo("4004");
        }
        PlainRequest.Answer refused = ask("GET", "/whoami", token, "");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body()).contains("revoked by an operator");
        assertThat(ask("GET", "/actuator/revocations", olga, "").body()).contains("\"subject\":\"mallory\"");
        try (JsonTalk talk = JsonTalk.open(JsonTalk.Way.TCP, ports)) {
            authenticate(talk, token);
            assertThat(talk.hear("error").path("code").asString("")).isEqualTo("unauthenticated");
        }
    }

    @Test
    void oneTokenIsRevokedUntilAMoment() throws IOException {
        String olga = token("olga", LONG, List.of(), Role.OPERATOR);
        String lost = token("dora", LONG, List.of("**"), "lost-1");
        String other = token("dora", LONG, List.of("**"), "other-1");
        assertThat(ask("GET", "/whoami", lost, "").status()).isEqualTo(200);

        ask(
                "POST",
                "/actuator/revocations",
                olga,
                "{\"jti\":\"lost-1\",\"until\":\"" + Instant.now().plusSeconds(2) + "\"}");

        assertThat(ask("GET", "/whoami", lost, "").status()).isEqualTo(401);
        assertThat(ask("GET", "/whoami", other, "").status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() ->
                        assertThat(ask("GET", "/whoami", lost, "").status()).isEqualTo(200));
    }

    @Test
    void revocationsThatCannotBeUsedAreExplained() throws IOException {
        String olga = token("olga", LONG, List.of(), Role.OPERATOR);
        String until = Instant.now().plusSeconds(60).toString();
        for (String body : List.of(
                "{\"until\":\"" + until + "\"}",
                "{\"subject\":\"a\",\"jti\":\"b\",\"until\":\"" + until + "\"}",
                "{\"subject\":\"a\",\"until\":\"yesterday\"}",
                "{\"subject\":\"a\",\"until\":\"2001-01-01T00:00:00Z\"}",
                "{\"subject\":\"\",\"until\":\"" + until + "\"}")) {
            PlainRequest.Answer answer = ask("POST", "/actuator/revocations", olga, body);

            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.json().path("detail").asString("")).as(body).contains("Valid: ");
        }
        assertThat(ask("DELETE", "/actuator/connections?subject=", olga, "").status())
                .isEqualTo(400);
    }
}
