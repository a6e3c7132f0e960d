// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Who may do what with channels: the same on every transport. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(
        properties = {
            "holdfast.access.secret=" + AccessContract.SECRET,
            "holdfast.access.keys.collector.secret=" + AccessContract.KEY,
            "holdfast.access.keys.collector.publish=**",
            "holdfast.access.anonymous.subscribe=open.**",
            "holdfast.channels.boards.pattern=board.*",
            "holdfast.channels.boards.anonymous=publish"
        })
abstract class AccessContract {

    static final String SECRET = "a-secret-that-is-long-enough-for-hs256";
    static final String KEY = "an-api-key-that-is-long-enough-for-it";

    private static final String OTHER_SECRET = "another-secret-that-the-service-has-not";

    @Autowired
    Ports ports;

    /** Who asks. */
    enum Who {
        NOBODY,
        ALICE,
        COLLECTOR,
        OPERATOR,
        EXPIRED,
        FORGED,
        UNKNOWN_KEY;

        @Nullable
        String token() {
            return switch (this) {
                case NOBODY -> null;
                case ALICE ->
                    sign(
                            SECRET,
                            "alice",
                            Duration.ofHours(1),
                            permissions(List.of("news.**", "user.{sub}.*"), List.of("chat.{sub}")));
                case COLLECTOR -> KEY;
                case OPERATOR ->
                    sign(
                            SECRET,
                            "olga",
                            Duration.ofHours(1),
                            new Permissions(List.of(), List.of(), Set.of(Role.OPERATOR)));
                case EXPIRED -> sign(SECRET, "alice", Duration.ofMinutes(-2), Permissions.ALL);
                case FORGED -> sign(OTHER_SECRET, "alice", Duration.ofHours(1), Permissions.ALL);
                case UNKNOWN_KEY -> KEY + "x";
            };
        }
    }

    /** What is asked for. */
    record What(Action action, String channel) {

        @Override
        public String toString() {
            return action.tag() + " " + channel;
        }
    }

    static Permissions permissions(List<String> subscribe, List<String> publish) {
        return new Permissions(patterns(subscribe), patterns(publish), Set.of());
    }

    private static List<ChannelPattern> patterns(List<String> texts) {
        return texts.stream().map(text -> ChannelPattern.of("pattern", text)).toList();
    }

    static String sign(String secret, String subject, Duration validity, Permissions permissions) {
        InstantSource clock = validity.isNegative()
                ? InstantSource.fixed(Instant.now().plus(validity).minusSeconds(60))
                : InstantSource.system();
        return Objects.requireNonNull(TokenSecret.of(secret))
                .sign(
                        subject,
                        permissions,
                        "holdfast",
                        validity.isNegative() ? Duration.ofSeconds(60) : validity,
                        null,
                        clock);
    }

    private static final String ALLOWED = "allowed";
    private static final String UNAUTHENTICATED = "unauthenticated";
    private static final String DENIED = "denied";

    /** For each: subscribe news.sport, user.alice.inbox, user.bob.inbox, open.day; publish chat.alice, chat.bob, board.one. */
    private static final Map<Who, List<String>> TABLE = Map.of(
            Who.NOBODY,
            List.of(
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    ALLOWED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    ALLOWED),
            Who.ALICE,
            List.of(ALLOWED, ALLOWED, DENIED, ALLOWED, ALLOWED, DENIED, ALLOWED),
            Who.COLLECTOR,
            List.of(DENIED, DENIED, DENIED, ALLOWED, ALLOWED, ALLOWED, ALLOWED),
            Who.OPERATOR,
            List.of(DENIED, DENIED, DENIED, ALLOWED, DENIED, DENIED, ALLOWED),
            Who.EXPIRED,
            List.of(
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED),
            Who.FORGED,
            List.of(
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED),
            Who.UNKNOWN_KEY,
            List.of(
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED,
                    UNAUTHENTICATED));

    private static final List<What> ASKED = List.of(
            new What(Action.SUBSCRIBE, "news.sport"),
            new What(Action.SUBSCRIBE, "user.alice.inbox"),
            new What(Action.SUBSCRIBE, "user.bob.inbox"),
            new What(Action.SUBSCRIBE, "open.day"),
            new What(Action.PUBLISH, "chat.alice"),
            new What(Action.PUBLISH, "chat.bob"),
            new What(Action.PUBLISH, "board.one"));

    static Stream<Arguments> table() {
        return Stream.of(Who.values())
                .flatMap(who -> Stream.iterate(0, i -> i + 1)
                        .limit(ASKED.size())
                        .map(i -> Arguments.of(
                                who,
                                ASKED.get(i),
                                Objects.requireNonNull(TABLE.get(who)).get(i))));
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("table")
    void answersByPermission(Who who, What what, String expected) throws IOException {
        assertThat(attempt(who.token(), what)).isEqualTo(expected);
    }

    /** Asks for it on this transport: {@code allowed}, or the code of the refusal. */
    abstract String attempt(@Nullable String token, What what) throws IOException;

    /** One request over HTTP: {@code allowed}, or the code of its problem. */
    String request(String method, String path, @Nullable String header, String body) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                    + (header == null ? "" : header + "\r\n")
                    + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body);
            String head = wire.readUntil("\r\n\r\n");
            if (head.startsWith("HTTP/1.1 2")) {
                return ALLOWED;
            }
            assertThat(head).contains("application/problem+json");
            int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
            return PlainRequest.json(new String(wire.read(length), StandardCharsets.UTF_8))
                    .path("code")
                    .asString("");
        }
    }

    static @Nullable String bearer(@Nullable String token) {
        return token == null ? null : "Authorization: Bearer " + token;
    }
}
