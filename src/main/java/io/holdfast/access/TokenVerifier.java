// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import io.holdfast.access.Verification.Reason;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;

/**
 * Verifies JSON Web Tokens (RFC 7519), and reads who their owner is and what it may do. Signatures, times, issuer and audience
 * are the decoders' matter; each accepts only its own algorithm. Safe from any thread. May block if a decoder fetches keys.
 */
public final class TokenVerifier {

    /** Characters of the longest token. Browsers and proxies send no longer header. */
    static final int MAX_LENGTH = 8192;

    /** By how much clocks may differ: the default of Spring Security's validators. */
    static final Duration SKEW = Duration.ofSeconds(60);

    private final List<JwtDecoder> decoders;
    private final TokenClaims claims;
    private final InstantSource clock;

    /**
     * @param decoders of which one has to accept a token
     * @param claim the name of the claim with the permissions
     */
    public TokenVerifier(List<? extends JwtDecoder> decoders, String claim, InstantSource clock) {
        this.decoders = List.copyOf(decoders);
        this.claims = new TokenClaims(claim);
        this.clock = clock;
    }

    /** Whether there is any key. */
    boolean isConfigured() {
        return !decoders.isEmpty();
    }

    /** Verifies a token, of anybody. */
    public Verification verify(String token) {
        if (token.length() > MAX_LENGTH) {
            return new Verification.Rejected(
                    Reason.TOO_LONG,
                    "The token has " + token.length() + " characters; at most " + MAX_LENGTH + " are accepted.");
        }
        JWTClaimsSet unverified = parse(token);
        if (unverified == null) {
            return new Verification.Rejected(
                    Reason.MALFORMED, "It is no JSON Web Token: three parts of base64url with dots between them.");
        }
        Verification rejected = new Verification.Rejected(
                Reason.WRONG_KEY, "No key of the service has signed the token, or it uses another algorithm.");
        for (JwtDecoder decoder : decoders) {
            try {
                return accepted(decoder.decode(token));
            } catch (JwtValidationException e) {
                // Its key is the right one, so no other decoder will accept it.
                return rejected(e, unverified);
            } catch (BadJwtException e) {
                // Another decoder may have its key.
            } catch (JwtException e) {
                if (!isOfToken(e)) {
                    rejected = new Verification.Unavailable();
                }
            }
        }
        return rejected;
    }

    /** Whether it is the token that does not fit a key, as one of another curve, and not the keys that are missing. */
    private static boolean isOfToken(JwtException failure) {
        return failure.getCause() instanceof JOSEException cause && !(cause instanceof KeySourceException);
    }

    private static @Nullable JWTClaimsSet parse(String token) {
        try {
            return JWTParser.parse(token).getJWTClaimsSet();
        } catch (ParseException | IllegalArgumentException e) {
            return null;
        }
    }

    private Verification accepted(Jwt token) {
        String subject = token.getSubject();
        if (subject == null || subject.isBlank()) {
            return new Verification.Rejected(
                    Reason.NO_SUBJECT, "The token has no subject: the claim 'sub' is missing.");
        }
        try {
            return new Verification.Verified(
                    Principal.ofToken(subject, claims.permissions(token), token.getExpiresAt(), token.getId()));
        } catch (BadPermissionException e) {
            return new Verification.Rejected(
                    Reason.BAD_PERMISSIONS, "The token's permissions can't be used: " + e.sentence());
        }
    }

    /** In words of our own, as those of the library may change, or name what a peer need not know. */
    private Verification rejected(JwtValidationException cause, JWTClaimsSet token) {
        Instant now = clock.instant();
        Instant expires = instant(token.getExpirationTime());
        Instant begins = instant(token.getNotBeforeTime());
        String found =
                cause.getErrors().stream().map(OAuth2Error::getDescription).collect(Collectors.joining(" "));
        if (expires != null && now.minus(SKEW).isAfter(expires)) {
            return new Verification.Rejected(Reason.EXPIRED, "The token expired at " + seconds(expires) + ".");
        }
        if (begins != null && now.plus(SKEW).isBefore(begins)) {
            return new Verification.Rejected(
                    Reason.NOT_YET_VALID, "The token is valid from " + seconds(begins) + " on.");
        }
        if (found.contains("iss claim")) {
            return new Verification.Rejected(Reason.WRONG_ISSUER, "The token is from another issuer: the claim 'iss'.");
        }
        if (found.contains("aud claim")) {
            return new Verification.Rejected(
                    Reason.WRONG_AUDIENCE, "The token is for another audience: the claim 'aud'.");
        }
        return new Verification.Rejected(Reason.REFUSED, "The token was refused by the settings of its issuer.");
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }

    private static Instant seconds(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS);
    }
}
