// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Connections that stay open while their issuer replaces its keys, and is not reachable. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
@DirtiesContext
class IssuerServiceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final TestIssuer ISSUER = issuer();
    private static final RSAKey FIRST = key("first");
    private static final RSAKey SECOND = key("second");
    private static final RSAKey THIRD = key("third");

    @Autowired
    Ports ports;

    private static TestIssuer issuer() {
        try {
            return new TestIssuer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void issuerIs(DynamicPropertyRegistry settings) {
        settings.add("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", () -> ISSUER.address(TestIssuer.KEYS));
    }

    @AfterAll
    static void stop() {
        ISSUER.close();
    }

    private static String token(RSAKey key, String subject) {
        return TestIssuer.token(
                key,
                JWSAlgorithm.RS256,
                claims -> claims.subject(subject).claim("holdfast", Map.of("subscribe", List.of("**"))));
    }

    private int status(String token) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /channels/news/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: Bearer " + token + "\r\n\r\n");
            return PlainRequest.read(wire).status();
        }
    }

    @Test
    void keysAreReplacedAndLostWhileConnectionsAreOpen() throws IOException {
        ISSUER.publish(FIRST.toPublicJWK());
        try (JsonTalk talk = JsonTalk.open(JsonTalk.Way.WEBSOCKET, ports)) {
            talk.say("{\"type\":\"authenticate\",\"token\":\"" + token(FIRST, "alice") + "\"}");
            talk.hear("authenticated");
            talk.say("{\"type\":\"subscribe\",\"channel\":\"news\"}");
            talk.hear("subscribed");

            // A new key beside the old one is found at once.
            ISSUER.publish(FIRST.toPublicJWK(), SECOND.toPublicJWK());
            talk.say("{\"type\":\"authenticate\",\"token\":\"" + token(SECOND, "alice") + "\"}");
            talk.hear("authenticated");
            assertThat(status(token(SECOND, "bob"))).isEqualTo(200);
            assertThat(status(token(THIRD, "mallory"))).isEqualTo(401);

            // Without its server, known keys go on, for tokens that were not seen before, too.
            ISSUER.close();
            assertThat(status(token(FIRST, "carol"))).isEqualTo(200);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(status(token(THIRD, "mallory"))).isEqualTo(503));
            talk.say("{\"type\":\"authenticate\",\"token\":\"" + token(FIRST, "alice") + "\"}");
            talk.hear("authenticated");

            talk.say("{\"type\":\"ping\"}");
            talk.hear("pong");
        }
    }
}
