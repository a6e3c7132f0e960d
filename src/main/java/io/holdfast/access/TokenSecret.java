// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** A secret that signs and verifies tokens with HS256 (RFC 7518, section 3.2), where there is no identity provider. */
public final class TokenSecret {

    /** As many bits as the hash has. */
    private static final int LEAST_BYTES = 32;

    /** What a secret has to be, in words, with a way to make one. */
    public static final String VALID = "at least " + LEAST_BYTES + " bytes, as 'openssl rand -base64 32' makes them";

    private final SecretKeySpec key;

    private TokenSecret(SecretKeySpec key) {
        this.key = key;
    }

    /**
     * Reads a secret.
     *
     * @return null if it is too short
     */
    public static @Nullable TokenSecret of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length < LEAST_BYTES ? null : new TokenSecret(new SecretKeySpec(bytes, "HmacSHA256"));
    }

    /** A decoder for tokens that were signed with this secret and HS256. It rejects all others. */
    public JwtDecoder decoder() {
        return NimbusJwtDecoder.withSecretKey(key)
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
    }

    /**
     * Makes a token.
     *
     * @param claim the name of the claim with the permissions
     * @param id its {@code jti}, by which it can be revoked; null for none
     * @return in its compact form
     */
    public String sign(
            String subject,
            Permissions permissions,
            String claim,
            Duration validity,
            @Nullable String id,
            InstantSource clock) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder()
                .subject(subject)
                .issuedAt(now)
                .expiresAt(now.plus(validity))
                .claim(claim, permissions.claim());
        if (id != null) {
            claims.id(id);
        }
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).type("JWT").build();
        // A secret has no name: the one that the encoder would give it is a hash of it.
        OctetSequenceKey unnamed =
                new OctetSequenceKey.Builder(key).algorithm(JWSAlgorithm.HS256).build();
        return new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(unnamed)))
                .encode(JwtEncoderParameters.from(header, claims.build()))
                .getTokenValue();
    }
}
