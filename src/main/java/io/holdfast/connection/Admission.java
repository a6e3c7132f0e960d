// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** The answer to a connection that asks to be admitted. */
public sealed interface Admission {

    /** It is admitted. {@link Connection#closed} gives the permits back. */
    record Admitted(Connection connection) implements Admission {}

    /**
     * It is refused.
     *
     * @param value of the limit that is reached
     */
    record Refused(Limit limit, int value) implements Admission {

        /** Seconds for the header {@code Retry-After}. */
        public static final int RETRY_AFTER = 5;

        /** As {@link #RETRY_AFTER}, for who connects too often: one connection, at least, may be opened then. */
        private static final int RETRY_AFTER_RATE = 1;

        public int retryAfter() {
            return limit == Limit.HANDSHAKES ? RETRY_AFTER_RATE : RETRY_AFTER;
        }

        /** The answer over HTTP: 429 if the peer has used up its own share, 503 if the service is full or stopping. */
        public ProblemDetail problem() {
            HttpStatus status = limit.isOfThePeer() ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.SERVICE_UNAVAILABLE;
            if (limit == Limit.DRAINING) {
                return ProblemDetail.forStatusAndDetail(status, "The service is stopping.");
            }
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                    status,
                    "The limit " + limit.property() + " of " + value + (limit == Limit.HANDSHAKES ? " new" : " open")
                            + " connections is reached.");
            problem.setProperty("limit", limit.property());
            problem.setProperty("value", value);
            return problem;
        }
    }
}
