// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.time.Instant;

/**
 * Tokens that are refused until a moment, whatever they allow.
 *
 * @param value the subject, or the token's {@code jti}
 */
public record Revocation(Kind kind, String value, Instant until) {

    /** Which tokens it is about. */
    public enum Kind {
        /** All of one subject. An API key and a certificate have one, too: their names. */
        SUBJECT,
        /** One token, by its {@code jti}. */
        TOKEN
    }

    boolean covers(Principal principal) {
        return switch (kind) {
            case SUBJECT -> principal.isAuthenticated() && principal.name().equals(value);
            case TOKEN -> value.equals(principal.tokenId());
        };
    }
}
