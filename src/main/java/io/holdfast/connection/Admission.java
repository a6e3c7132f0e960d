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

        /** The answer over HTTP: 429 if the peer has used up its own share, 503 if the service is full or stopping. */
        public ProblemDetail problem() {
            HttpStatus status = limit.isOfThePeer() ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.SERVICE_UNAVAILABLE;
            if (limit == Limit.DRAINING) {
                return ProblemDetail.forStatusAndDetail(status, "The service is stopping.");
            }
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                    status, "The limit " + limit.property() + " of " + value + " open connections is reached.");
            problem.setProperty("limit", limit.property());
            problem.setProperty("value", value);
            return problem;
        }
    }
}
