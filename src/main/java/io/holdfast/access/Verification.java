// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

/** What came of verifying a token. */
public sealed interface Verification {

    record Verified(Principal principal) implements Verification {}

    /**
     * It is not accepted.
     *
     * @param sentence why, for its owner; never with the token in it
     */
    record Rejected(Reason reason, String sentence) implements Verification {}

    /** It cannot be verified now: the server with the keys cannot be reached. */
    record Unavailable() implements Verification {}

    /** Why a token is not accepted. */
    enum Reason {
        MALFORMED,
        TOO_LONG,
        WRONG_KEY,
        EXPIRED,
        NOT_YET_VALID,
        WRONG_ISSUER,
        WRONG_AUDIENCE,
        NO_SUBJECT,
        BAD_PERMISSIONS,
        /** Another check of the identity provider's settings. */
        REFUSED
    }
}
