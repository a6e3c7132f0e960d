// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.holdfast.access.Verification.Reason;
import io.holdfast.access.Verification.Rejected;
import io.holdfast.access.Verification.Unavailable;
import io.holdfast.access.Verification.Verified;
import io.holdfast.settings.InvalidSettingException;
import io.holdfast.time.MonotonicClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** Tokens of an identity provider, as the settings with Spring Boot's names configure it. */
class IssuerTest {

    private static final String PREFIX = "spring.security.oauth2.resourceserver.jwt.";

    /** Less than the key server is waited for. */
    private static final Duration BRIEFLY = Duration.ofMillis(1500);

    private static final Duration SLACK = Duration.ofSeconds(2);

    private static RSAKey first;
    private static RSAKey second;
    private static ECKey elliptic;

    private final AtomicLong nanos = new AtomicLong();
    private TestIssuer issuer;

    @EnableConfigurationProperties({AccessProperties.class, IssuerProperties.class})
    static class Settings {}

    @BeforeAll
    static void makeKeys() throws JOSEException {
        first = new RSAKeyGenerator(2048).keyID("first").generate();
        second = new RSAKeyGenerator(2048).keyID("second").generate();
        elliptic = new ECKeyGenerator(Curve.P_384).keyID("elliptic").generate();
    }

    @BeforeEach
    void startIssuer() throws IOException {
        issuer = new TestIssuer();
        issuer.publish(first.toPublicJWK());
    }

    @AfterEach
    void stopIssuer() {
        issuer.close();
    }

    private ApplicationContextRunner runner(String... settings) {
        return new ApplicationContextRunner()
                .withUserConfiguration(Settings.class, AccessConfiguration.class, IssuerConfiguration.class)
                .withBean(InstantSource.class, InstantSource::system)
                .withBean(MonotonicClock.class, () -> nanos::get)
                .withPropertyValues(settings);
    }

    private TokenVerifier verifier(String... settings) {
        AtomicReference<TokenVerifier> verifier = new AtomicReference<>();
        runner(settings).run(context -> {
            assertThat(context).hasNotFailed();
            verifier.set(context.getBean(TokenVerifier.class));
        });
        assertThat(verifier.get().isConfigured()).isTrue();
        return verifier.get();
    }

    private TokenVerifier verifierOfKeys(String... settings) {
        return verifier(IntStream.range(-1, settings.length)
                .mapToObj(i -> i < 0 ? PREFIX + "jwk-set-uri=" + issuer.address(TestIssuer.KEYS) : settings[i])
                .toArray(String[]::new));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static String token(RSAKey key) {
        return TestIssuer.token(key, JWSAlgorithm.RS256, claims -> {});
    }

    /** A token whose key nobody has published. */
    private static String strange(String kid) {
        return TestIssuer.token(second, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid), claims -> {});
    }

    private static void accepted(Verification verification) {
        assertThat(verification).isInstanceOf(Verified.class);
    }

    private static void rejected(Verification verification, Reason reason) {
        assertThat(verification)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .as(rejected.sentence())
                                .isEqualTo(reason));
    }

    private static void unavailable(Verification verification) {
        assertThat(verification).isInstanceOf(Unavailable.class);
    }

    @Test
    void withoutSettingsThereIsNoDecoder() {
        runner(PREFIX + "issuer-uri=", PREFIX + "jwk-set-uri= ")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(JwtDecoder.class)
                        .getBean(TokenVerifier.class)
                        .satisfies(
                                verifier -> assertThat(verifier.isConfigured()).isFalse()));
    }

    @Test
    void keysAreFetchedWhenTheFirstTokenComesAndKept() {
        TokenVerifier verifier = verifierOfKeys();
        assertThat(issuer.requests()).isZero();

        for (int i = 0; i < 10; i++) {
            accepted(verifier.verify(token(first)));
        }

        assertThat(issuer.requests()).isEqualTo(1);
    }

    @Test
    void issuerAndAudienceAreChecked() {
        TokenVerifier verifier =
                verifierOfKeys(PREFIX + "issuer-uri=https://issuer.example", PREFIX + "audiences=holdfast,shop");

        accepted(verifier.verify(TestIssuer.token(
                first,
                JWSAlgorithm.RS256,
                claims -> claims.issuer("https://issuer.example").audience(List.of("other", "shop")))));
        rejected(
                verifier.verify(TestIssuer.token(
                        first,
                        JWSAlgorithm.RS256,
                        claims -> claims.issuer("https://issuer.example/").audience("shop"))),
                Reason.WRONG_ISSUER);
        rejected(
                verifier.verify(TestIssuer.token(
                        first,
                        JWSAlgorithm.RS256,
                        claims -> claims.issuer("https://issuer.example").audience("other"))),
                Reason.WRONG_AUDIENCE);
        rejected(
                verifier.verify(
                        TestIssuer.token(first, JWSAlgorithm.RS256, claims -> claims.issuer("https://issuer.example"))),
                Reason.WRONG_AUDIENCE);
    }

    @Test
    void newKeyIsFoundAtOnceAndTheOldOneIsAcceptedWhileItIsListed() {
        TokenVerifier verifier = verifierOfKeys();
        accepted(verifier.verify(token(first)));
        rejected(verifier.verify(token(second)), Reason.WRONG_KEY);

        issuer.publish(first.toPublicJWK(), second.toPublicJWK());

        accepted(verifier.verify(token(second)));
        accepted(verifier.verify(token(first)));

        issuer.publish(second.toPublicJWK());
        pass(IssuerKeys.STALE.plusMillis(1));

        rejected(verifier.verify(token(first)), Reason.WRONG_KEY);
        accepted(verifier.verify(token(second)));
    }

    @Test
    void oldKeysAreFetchedAgainInTheBackground() {
        TokenVerifier verifier = verifierOfKeys();
        accepted(verifier.verify(token(first)));
        issuer.publish(second.toPublicJWK());
        pass(IssuerKeys.REFRESH.plusMillis(1));

        accepted(verifier.verify(token(first)));

        await().atMost(SLACK).until(() -> issuer.requests() == 2);
        await().atMost(SLACK).untilAsserted(() -> rejected(verifier.verify(token(first)), Reason.WRONG_KEY));
    }

    @Test
    void knownKeysAreUsedWhileTheirServerIsAway() throws IOException {
        TokenVerifier verifier = verifierOfKeys();
        accepted(verifier.verify(token(first)));
        issuer.stop();

        unavailable(verifier.verify(token(second)));
        for (int hours = 1; hours < IssuerKeys.OUTAGE.toHours(); hours++) {
            pass(Duration.ofHours(1));
            accepted(verifier.verify(token(first)));
            unavailable(verifier.verify(token(second)));
        }
        pass(Duration.ofHours(2));
        unavailable(verifier.verify(token(first)));

        issuer.start();
        issuer.publish(second.toPublicJWK());
        pass(IssuerKeys.INTERVAL);
        accepted(verifier.verify(token(second)));
        rejected(verifier.verify(token(first)), Reason.WRONG_KEY);
    }

    @Test
    void keysThatDoNotExistCauseFewRequests() {
        TokenVerifier verifier = verifierOfKeys();

        for (int i = 0; i < 100; i++) {
            rejected(verifier.verify(strange("made-up-" + i)), Reason.WRONG_KEY);
        }
        assertThat(issuer.requests()).isEqualTo(IssuerKeys.AT_ONCE);

        issuer.publish(second.toPublicJWK());
        pass(IssuerKeys.INTERVAL);
        accepted(verifier.verify(token(second)));
        assertThat(issuer.requests()).isEqualTo(IssuerKeys.AT_ONCE + 1);
    }

    @Test
    void serverThatIsAwayIsAskedRarelyToo() {
        issuer.publish(TestIssuer.KEYS, "<html>Later");
        TokenVerifier verifier = verifierOfKeys();

        for (int i = 0; i < 100; i++) {
            unavailable(verifier.verify(token(first)));
        }

        assertThat(issuer.requests()).isEqualTo(IssuerKeys.AT_ONCE);
    }

    @Test
    void serverThatHangsDelaysOnlyTokensOfUnknownKeys() throws Exception {
        TokenVerifier verifier = verifierOfKeys();
        accepted(verifier.verify(token(first)));
        issuer.hang();
        pass(IssuerKeys.REFRESH.plusMillis(1));

        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verification>> waiting = IntStream.range(0, 50)
                    .mapToObj(i -> threads.submit(() -> verifier.verify(strange("made-up-" + i))))
                    .toList();
            await().atMost(SLACK).until(() -> issuer.requests() == 2);

            assertBrief(() -> accepted(verifier.verify(token(first))));
            waiting.forEach(one -> unavailable(result(one)));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(IssuerKeys.PATIENCE.plus(SLACK));
        assertThat(issuer.requests()).isLessThanOrEqualTo(3);

        pass(IssuerKeys.STALE);
        assertBrief(() -> accepted(verifier.verify(token(first))));
    }

    private static Verification result(Future<Verification> verification) {
        try {
            return verification.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertBrief(Runnable action) {
        long begin = System.nanoTime();
        action.run();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BRIEFLY);
    }

    @Test
    void answerThatDoesNotEndIsGivenUp() {
        TokenVerifier verifier = verifierOfKeys();
        issuer.drip();

        long begin = System.nanoTime();
        unavailable(verifier.verify(token(first)));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(IssuerKeys.PATIENCE.plus(SLACK));
        await().atMost(SLACK).until(() -> issuer.broken() == 1);
    }

    @ParameterizedTest
    @CsvSource({
        "'', /.well-known/openid-configuration",
        "/, /.well-known/openid-configuration",
        "/realms/one, /realms/one/.well-known/openid-configuration",
        "/realms/one, /.well-known/openid-configuration/realms/one",
        "/realms/one, /.well-known/oauth-authorization-server/realms/one",
        "'', /.well-known/oauth-authorization-server",
    })
    void issuerTellsWhereItsKeysAre(String path, String metadata) {
        String name = issuer.address(path);
        issuer.publish(metadata, metadata(name));
        issuer.publish(first.toPublicJWK(), elliptic.toPublicJWK());
        TokenVerifier verifier = verifier(PREFIX + "issuer-uri=" + name);

        accepted(verifier.verify(TestIssuer.token(first, JWSAlgorithm.RS256, claims -> claims.issuer(name))));
        accepted(verifier.verify(TestIssuer.token(elliptic, JWSAlgorithm.ES384, claims -> claims.issuer(name))));
        rejected(
                verifier.verify(
                        TestIssuer.token(first, JWSAlgorithm.RS256, claims -> claims.issuer("https://other.example"))),
                Reason.WRONG_ISSUER);
        rejected(verifier.verify(token(second)), Reason.WRONG_KEY);
    }

    private String metadata(String name) {
        return "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(name, issuer.address(TestIssuer.KEYS));
    }

    @Test
    void metadataOfAnotherIssuerAreNotUsed() {
        issuer.publish("/.well-known/openid-configuration", metadata("https://other.example"));
        TokenVerifier verifier = verifier(PREFIX + "issuer-uri=" + issuer.address(""));

        unavailable(verifier.verify(token(first)));
    }

    @Test
    void addressOfKeysHasToBeOfTheWeb(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), "{\"keys\":[" + first.toPublicJWK() + "]}");
        issuer.publish(
                "/.well-known/openid-configuration",
                "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(issuer.address(""), file.toUri()));
        TokenVerifier verifier = verifier(PREFIX + "issuer-uri=" + issuer.address(""));

        unavailable(verifier.verify(token(first)));
    }

    @Test
    void serviceStartsWhileTheIssuerIsAway() throws IOException {
        String name = issuer.address("");
        issuer.publish("/.well-known/openid-configuration", metadata(name));
        issuer.stop();
        String token = TestIssuer.token(first, JWSAlgorithm.RS256, claims -> claims.issuer(name));

        TokenVerifier verifier = verifier(PREFIX + "issuer-uri=" + name);
        for (int i = 0; i < 10; i++) {
            unavailable(verifier.verify(token));
        }

        issuer.start();
        pass(IssuerKeys.INTERVAL);
        accepted(verifier.verify(token));
    }

    @Test
    void oneKeyCanBeInAFile(@TempDir Path folder) throws Exception {
        String location = publicKey(folder);
        TokenVerifier verifier = verifier(PREFIX + "public-key-location=" + location, PREFIX + "audiences=holdfast");
        String token = TestIssuer.token(first, JWSAlgorithm.RS256, claims -> claims.audience("holdfast"));

        accepted(verifier.verify(token));
        accepted(verifier(PREFIX + "public-key-location=file:" + location).verify(token));
        rejected(verifier.verify(token(first)), Reason.WRONG_AUDIENCE);
        rejected(verifier.verify(token(second)), Reason.WRONG_KEY);
        assertForgeriesAreRejected(verifier);
        rejected(
                verifier.verify(TestIssuer.token(first, JWSAlgorithm.RS512, claims -> claims.audience("holdfast"))),
                Reason.WRONG_KEY);
    }

    private static String publicKey(Path folder) throws Exception {
        return Files.writeString(folder.resolve("key.pem"), pem(first)).toString();
    }

    private static String pem(RSAKey key) throws JOSEException {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(key.toRSAPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    @Test
    void forgeriesAreRejected() throws Exception {
        String name = issuer.address("");
        issuer.publish("/.well-known/openid-configuration", metadata(name));

        assertForgeriesAreRejected(verifierOfKeys());
        assertForgeriesAreRejected(verifier(PREFIX + "issuer-uri=" + name));
    }

    /** An attacker knows the public key, and chooses what the token's header says. */
    private static void assertForgeriesAreRejected(TokenVerifier verifier) throws Exception {
        for (byte[] secret : List.of(
                first.toRSAPublicKey().getEncoded(),
                pem(first).getBytes(StandardCharsets.UTF_8),
                pem(first).strip().getBytes(StandardCharsets.UTF_8),
                first.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8))) {
            JWK forged = new OctetSequenceKey.Builder(secret).keyID("first").build();
            rejected(verifier.verify(TestIssuer.token(forged, JWSAlgorithm.HS256, claims -> {})), Reason.WRONG_KEY);
        }
        rejected(
                verifier.verify(
                        new PlainJWT(new JWTClaimsSet.Builder().subject("alice").build()).serialize()),
                Reason.WRONG_KEY);
        rejected(verifier.verify(strange("first")), Reason.WRONG_KEY);
    }

    @Test
    void keysThatATokenBringsAreNotUsed() throws Exception {
        TokenVerifier verifier = verifierOfKeys();
        try (TestIssuer attacker = new TestIssuer()) {
            attacker.publish(second.toPublicJWK());
            JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID("second")
                    .jwk(second.toPublicJWK())
                    .jwkURL(URI.create(attacker.address(TestIssuer.KEYS)));

            rejected(verifier.verify(TestIssuer.token(second, header, claims -> {})), Reason.WRONG_KEY);

            assertThat(attacker.requests()).isZero();
        }
    }

    @Test
    void onlyTheAlgorithmsOfTheSettingsAreAccepted() {
        issuer.publish(first.toPublicJWK(), elliptic.toPublicJWK());
        TokenVerifier usual = verifierOfKeys();
        TokenVerifier others = verifierOfKeys(PREFIX + "jws-algorithms=RS512,ES384");
        String rs512 = TestIssuer.token(first, JWSAlgorithm.RS512, claims -> {});
        String es384 = TestIssuer.token(elliptic, JWSAlgorithm.ES384, claims -> {});

        rejected(usual.verify(rs512), Reason.WRONG_KEY);
        rejected(usual.verify(es384), Reason.WRONG_KEY);
        accepted(others.verify(rs512));
        accepted(others.verify(es384));
        rejected(others.verify(token(first)), Reason.WRONG_KEY);
    }

    /** It is not a failure of the key server, so the client must not try again. */
    @Test
    void tokenThatDoesNotFitItsKeyIsRejected() throws JOSEException {
        issuer.publish(first.toPublicJWK(), elliptic.toPublicJWK());
        TokenVerifier verifier = verifierOfKeys(PREFIX + "jws-algorithms=RS256,ES256,ES384");
        ECKey other = new ECKeyGenerator(Curve.P_256).keyID("elliptic").generate();

        rejected(verifier.verify(TestIssuer.token(other, JWSAlgorithm.ES256, claims -> {})), Reason.WRONG_KEY);
        rejected(
                verifier.verify(TestIssuer.token(
                        other, new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("first"), claims -> {})),
                Reason.WRONG_KEY);
    }

    @ParameterizedTest
    @CsvSource({"JWT, true", "jwt, true", "at+jwt, true", "application/at+jwt, true", "logout+jwt, false"})
    void tokenIsOfAKindThatGivesAccess(String type, boolean isAccepted) {
        Verification verification = verifierOfKeys()
                .verify(TestIssuer.token(
                        first,
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("first").type(new JOSEObjectType(type)),
                        claims -> {}));

        if (isAccepted) {
            accepted(verification);
        } else {
            rejected(verification, Reason.REFUSED);
        }
    }

    @Test
    void expiredTokenIsRejected() {
        rejected(
                verifierOfKeys()
                        .verify(TestIssuer.token(
                                first,
                                JWSAlgorithm.RS256,
                                claims -> claims.expirationTime(Date.from(
                                        InstantSource.system().instant().minusSeconds(120))))),
                Reason.EXPIRED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            public-key-location=/nowhere.pem | public-key-location: '/nowhere.pem' does not exist, or cannot be read
            public-key-location=pom.xml      | public-key-location: 'pom.xml' is not a file with an RSA public key in PEM
            public-key-location=a.pem;jwk-set-uri=http://b/ | public-key-location: 'a.pem' is a second source of keys
            public-key-location=a.pem;issuer-uri=http://b/  | public-key-location: 'a.pem' is a second source of keys
            public-key-location=a.pem;jws-algorithms=RS256,RS512 | jws-algorithms: 'RS256,RS512' is not one algorithm
            public-key-location=a.pem;jws-algorithms=ES256  | jws-algorithms: 'ES256' is not one algorithm of RSA
            issuer-uri=http://b;jws-algorithms=HS256        | jws-algorithms: 'HS256' is not one of RS256, RS384
            issuer-uri=issuer                | issuer-uri: 'issuer' is not a URL: http or https, and a host
            jwk-set-uri=https:///keys        | jwk-set-uri: 'https:///keys' is not a URL: http or https, and a host
            audiences=holdfast               | audiences: 'holdfast' has no effect
            """)
    void settingThatCannotBeUsedStopsTheStart(String settings, String why) {
        String[] all = settings.split(";", -1);
        for (int i = 0; i < all.length; i++) {
            all[i] = PREFIX + all[i];
        }
        runner(all)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidSettingException.class)
                        .hasMessageStartingWith(PREFIX + why));
    }
}
