// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.Verification.Reason;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

class TokenVerifierTest {

    private static final String SECRET = "a secret for tests, of more than 32 bytes";
    private static final String OTHER = "another secret for tests, also long enough";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final InstantSource CLOCK = InstantSource.system();

    private static KeyPair rsa;

    @BeforeAll
    static void makeKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        rsa = generator.generateKeyPair();
    }

    private static TokenSecret secret(String text) {
        return Objects.requireNonNull(TokenSecret.of(text));
    }

    private static TokenVerifier verifier(JwtDecoder... decoders) {
        return new TokenVerifier(List.of(decoders), "holdfast", CLOCK);
    }

    private static final TokenVerifier OF_SECRET = verifier(secret(SECRET).decoder());

    private static String token(Consumer<JwtClaimsSet.Builder> claims) {
        return sign(
                NimbusJwtEncoder.withSecretKey(key(SECRET.getBytes(StandardCharsets.UTF_8)))
                        .algorithm(MacAlgorithm.HS256)
                        .build(),
                JwsHeader.with(MacAlgorithm.HS256).build(),
                claims);
    }

    private static SecretKeySpec key(byte... bytes) {
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    private static String sign(JwtEncoder encoder, JwsHeader header, Consumer<JwtClaimsSet.Builder> claims) {
        JwtClaimsSet.Builder set = JwtClaimsSet.builder()
                .subject("alice")
                .issuedAt(CLOCK.instant())
                .expiresAt(CLOCK.instant().plus(HOUR));
        claims.accept(set);
        return encoder.encode(JwtEncoderParameters.from(header, set.build())).getTokenValue();
    }

    private static String rsaToken(Consumer<JwtClaimsSet.Builder> claims) {
        return sign(
                NimbusJwtEncoder.withKeyPair((RSAPublicKey) rsa.getPublic(), (RSAPrivateKey) rsa.getPrivate())
                        .build(),
                JwsHeader.with(SignatureAlgorithm.RS256).build(),
                claims);
    }

    private static Principal accepted(Verification verification) {
        assertThat(verification).isInstanceOf(Verification.Verified.class);
        return ((Verification.Verified) verification).principal();
    }

    private static String refused(Verification verification, Reason reason) {
        assertThat(verification).isInstanceOf(Verification.Rejected.class);
        Verification.Rejected rejected = (Verification.Rejected) verification;
        assertThat(rejected.reason()).as(rejected.sentence()).isEqualTo(reason);
        return rejected.sentence();
    }

    @Test
    void tokenOfASecretIsAccepted() {
        Permissions permissions = new Permissions(
                List.of(ChannelPattern.of("subscribe", "news.**")),
                List.of(ChannelPattern.of("publish", "chat.{sub}")),
                Set.of(Role.OPERATOR, Role.TESTER));

        Principal alice =
                accepted(OF_SECRET.verify(secret(SECRET).sign("alice", permissions, "holdfast", HOUR, "t-1", CLOCK)));

        assertThat(alice.name()).isEqualTo("alice");
        assertThat(alice.tokenId()).isEqualTo("t-1");
        assertThat(alice.expires())
                .isBetween(
                        CLOCK.instant().plus(HOUR).minusSeconds(60),
                        CLOCK.instant().plus(HOUR));
        assertThat(alice.may(Action.SUBSCRIBE, "news.sport")).isTrue();
        assertThat(alice.may(Action.PUBLISH, "chat.alice")).isTrue();
        assertThat(alice.may(Action.PUBLISH, "chat.bob")).isFalse();
        assertThat(alice.permissions().roles()).containsExactlyInAnyOrder(Role.OPERATOR, Role.TESTER);
    }

    @Test
    void anyOfTheSecretsIsAcceptedSoThatTheyCanBeRotated() {
        String old = secret(OTHER).sign("alice", none(), "holdfast", HOUR, null, CLOCK);

        refused(OF_SECRET.verify(old), Reason.WRONG_KEY);
        accepted(verifier(secret(SECRET).decoder(), secret(OTHER).decoder()).verify(old));
    }

    private static Permissions none() {
        return new Permissions(List.of(), List.of(), Set.of());
    }

    @Test
    void expiredTokenIsRefusedAfterTheSkewOfClocks() {
        Instant now = CLOCK.instant();
        accepted(OF_SECRET.verify(
                token(claims -> claims.issuedAt(now.minusSeconds(3600)).expiresAt(now.minusSeconds(30)))));

        assertThat(refused(
                        OF_SECRET.verify(token(claims ->
                                claims.issuedAt(now.minusSeconds(3600)).expiresAt(now.minusSeconds(120)))),
                        Reason.EXPIRED))
                .startsWith("The token expired at 20")
                .endsWith("Z.");
    }

    @Test
    void tokenThatIsNotYetValidIsRefusedBeforeTheSkewOfClocks() {
        Instant now = CLOCK.instant();
        accepted(OF_SECRET.verify(token(claims -> claims.notBefore(now.plusSeconds(30)))));

        assertThat(refused(
                        OF_SECRET.verify(token(claims -> claims.notBefore(now.plusSeconds(120)))),
                        Reason.NOT_YET_VALID))
                .startsWith("The token is valid from 20")
                .endsWith("Z on.");
    }

    @Test
    void issuerAndAudienceAreChecked() {
        NimbusJwtDecoder decoder =
                NimbusJwtDecoder.withPublicKey((RSAPublicKey) rsa.getPublic()).build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(),
                new JwtIssuerValidator("https://issuer.example"),
                new JwtAudienceValidator("holdfast")));
        TokenVerifier verifier = verifier(decoder);

        accepted(verifier.verify(
                rsaToken(claims -> claims.issuer("https://issuer.example").audience(List.of("holdfast")))));
        refused(
                verifier.verify(rsaToken(
                        claims -> claims.issuer("https://other.example").audience(List.of("holdfast")))),
                Reason.WRONG_ISSUER);
        refused(
                verifier.verify(rsaToken(
                        claims -> claims.issuer("https://issuer.example").audience(List.of("shop")))),
                Reason.WRONG_AUDIENCE);
    }

    /** An attacker knows the public key, and may use it as if it were a secret. */
    @Test
    void publicKeyIsNoSecret() {
        TokenVerifier verifier = verifier(
                NimbusJwtDecoder.withPublicKey((RSAPublicKey) rsa.getPublic()).build());
        String forged = sign(
                NimbusJwtEncoder.withSecretKey(key(rsa.getPublic().getEncoded()))
                        .algorithm(MacAlgorithm.HS256)
                        .build(),
                JwsHeader.with(MacAlgorithm.HS256).build(),
                claims -> {});

        refused(verifier.verify(forged), Reason.WRONG_KEY);
        accepted(verifier.verify(rsaToken(claims -> {})));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS384", "HS512"})
    void otherAlgorithmsAreRefused(String algorithm) {
        String[] parts = token(claims -> {}).split("\\.", 3);
        String header = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("{\"alg\":\"" + algorithm + "\"}").getBytes(StandardCharsets.UTF_8));
        String signature = algorithm.equals("none") ? "" : parts[2];

        refused(OF_SECRET.verify(header + "." + parts[1] + "." + signature), Reason.WRONG_KEY);
    }

    @Test
    void changedTokenIsRefused() {
        String[] parts = token(claims -> {}).split("\\.", 3);
        String[] others = token(claims -> claims.subject("bob")).split("\\.", 3);

        refused(OF_SECRET.verify(parts[0] + "." + others[1] + "." + parts[2]), Reason.WRONG_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b.c", "..", "e30.e30", "a b", "é.é.é", "eyJhbGciOiJIUzI1NiJ9.e30.x.y.z"})
    void whatIsNoTokenIsRefused(String text) {
        Verification verification = OF_SECRET.verify(text);

        assertThat(verification).isInstanceOf(Verification.Rejected.class);
        assertThat(((Verification.Rejected) verification).reason()).isIn(Reason.MALFORMED, Reason.WRONG_KEY);
    }

    @Test
    void tokenOfAMegabyteIsRefusedByItsLength() {
        assertThat(refused(OF_SECRET.verify("a".repeat(1 << 20)), Reason.TOO_LONG))
                .isEqualTo("The token has 1048576 characters; at most 8192 are accepted.");
    }

    @Test
    void tokenWithoutSubjectIsRefused() {
        refused(OF_SECRET.verify(token(claims -> claims.claims(all -> all.remove("sub")))), Reason.NO_SUBJECT);
        refused(OF_SECRET.verify(token(claims -> claims.subject(" "))), Reason.NO_SUBJECT);
    }

    @Test
    void otherMembersOfTheClaimAreIgnored() {
        Principal alice = accepted(OF_SECRET.verify(token(
                claims -> claims.claim("holdfast", Map.of("subscribe", "news", "later", Map.of("x", 1))))));

        assertThat(alice.may(Action.SUBSCRIBE, "news")).isTrue();
        assertThat(alice.may(Action.PUBLISH, "news")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"subscribe":["a*"]}        | subscribe: 'a*' can't be used
            {"subscribe":[7]}           | subscribe: '7' can't be used. Valid: a string, or a list of strings
            {"publish":{"a":"b"}}       | publish: '{a=b}' can't be used
            {"role":"admin"}            | role: 'admin' can't be used. Valid: observer, operator or tester
            ["news"]                    | holdfast: '[news]' can't be used. Valid: an object
            """)
    void permissionsThatCannotBeUsedRefuseTheToken(String claim, String why) {
        Object value = tools.jackson.databind.json.JsonMapper.shared().readValue(claim, Object.class);

        assertThat(refused(OF_SECRET.verify(token(claims -> claims.claim("holdfast", value))), Reason.BAD_PERMISSIONS))
                .startsWith("The token's permissions can't be used: ")
                .contains(why);
    }

    @Test
    void tooManyPermissionsRefuseTheToken() {
        List<String> many = Collections.nCopies(257, "a");

        assertThat(refused(
                        OF_SECRET.verify(token(claims -> claims.claim("holdfast", Map.of("subscribe", many)))),
                        Reason.BAD_PERMISSIONS))
                .contains("subscribe: '257 values'")
                .contains("at most 256");
        assertThat(refused(
                        OF_SECRET.verify(token(claims ->
                                claims.claim("holdfast", Map.of("subscribe", Collections.nCopies(10_000, "a"))))),
                        Reason.TOO_LONG))
                .isNotEmpty();
    }

    @Test
    void withoutTheClaimScopesCount() {
        Principal alice = accepted(
                OF_SECRET.verify(token(claims -> claims.claim("scope", "openid channels:subscribe observer"))));

        assertThat(alice.may(Action.SUBSCRIBE, "news.sport")).isTrue();
        assertThat(alice.may(Action.PUBLISH, "news.sport")).isFalse();
        assertThat(alice.may(Action.OBSERVE)).isTrue();
        assertThat(alice.may(Action.OPERATE)).isFalse();
        assertThat(accepted(OF_SECRET.verify(token(claims -> claims.claim("scp", List.of("channels:publish")))))
                        .may(Action.PUBLISH, "news"))
                .isTrue();
        assertThat(accepted(OF_SECRET.verify(token(claims ->
                                claims.claim("scope", "channels:publish").claim("holdfast", Map.of()))))
                        .may(Action.PUBLISH, "news"))
                .as("the claim says nothing, and scopes do not add to it")
                .isFalse();
    }

    /** A token is not called invalid when nobody could look at it. */
    @Test
    void secretOfLessThan32BytesIsNone() {
        assertThat(TokenSecret.of("a".repeat(31))).isNull();
        assertThat(TokenSecret.of("a".repeat(32))).isNotNull();
        assertThat(TokenSecret.of("ä".repeat(16))).isNotNull();
    }
}
