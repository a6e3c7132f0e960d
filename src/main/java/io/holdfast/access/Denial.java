// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * Why something is not allowed, for the peer that asked for it.
 *
 * @param action what it is
 * @param channel null if it is about none
 * @param principal who asked; null if that is not known
 * @param sentence for the peer; never with a token in it
 */
public record Denial(
        Reason reason,
        Action action,
        @Nullable String channel,
        @Nullable Principal principal,
        String sentence) {

    /** The kinds of denials. */
    public enum Reason {
        /** There is no token, and without one it is not allowed. */
        UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "unauthenticated"),
        /** The token is not accepted. */
        INVALID_TOKEN(HttpStatus.UNAUTHORIZED, "unauthenticated"),
        /** The token has been revoked. */
        REVOKED(HttpStatus.UNAUTHORIZED, "unauthenticated"),
        /** The way in which the token is sent is not accepted (RFC 6750, section 3.1). */
        INVALID_REQUEST(HttpStatus.BAD_REQUEST, "bad-token"),
        /** The principal does not have the permission. */
        DENIED(HttpStatus.FORBIDDEN, "denied"),
        /** The token is another subject's than the connection. */
        OTHER_SUBJECT(HttpStatus.FORBIDDEN, "denied"),
        /** A page of another site made a browser send its user's cookie. */
        FOREIGN_PAGE(HttpStatus.FORBIDDEN, "denied"),
        /** What is needed to verify the token cannot be reached now. */
        UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "unavailable");

        private final HttpStatus status;
        private final String code;

        Reason(HttpStatus status, String code) {
            this.status = status;
            this.code = code;
        }

        /** Whether {@code action} can be denied for this reason: all others are about tokens. */
        public boolean isPossible(Action action) {
            return action == Action.AUTHENTICATE ? this != DENIED : this == UNAUTHENTICATED || this == DENIED;
        }

        /** The value of the metric tag {@code reason}. */
        public String tag() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The code of an error of the channel protocol. */
    public String code() {
        return reason.code;
    }

    public int status() {
        return reason.status.value();
    }

    /** The answer over HTTP (RFC 9457). */
    public ProblemDetail problem() {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(reason.status, sentence);
        problem.setProperty("code", reason.code);
        problem.setProperty("action", action.tag());
        if (channel != null) {
            problem.setProperty("channel", channel);
        }
        if (principal != null) {
            problem.setProperty("subject", principal.name());
            problem.setProperty("permissions", principal.permissions().shown());
        }
        return problem;
    }

    /** The value of {@code WWW-Authenticate} (RFC 6750, section 3); null if the answer has none. */
    public @Nullable String challenge() {
        return switch (reason) {
            case UNAUTHENTICATED -> "Bearer realm=\"holdfast\"";
            case INVALID_TOKEN, REVOKED -> challenge("invalid_token");
            case INVALID_REQUEST -> challenge("invalid_request");
            case DENIED -> challenge("insufficient_scope");
            case OTHER_SUBJECT, FOREIGN_PAGE, UNAVAILABLE -> null;
        };
    }

    /** A description has only these characters (RFC 6750, section 3). */
    private String challenge(String error) {
        return "Bearer realm=\"holdfast\", error=\"" + error + "\", error_description=\""
                + sentence.replaceAll("[\"\\\\]", "'").replaceAll("[^\\x20-\\x7E]", "?") + "\"";
    }
}
