package io.holdfast.connection;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** Whether a connection may be opened. */
public sealed interface Admission {

    /** It may; {@link Connection#closed} gives the permits back. */
    record Admitted(Connection connection) implements Admission {}

    /**
     * It may not.
     *
     * @param value of the limit that is reached
     */
    record Refused(Limit limit, int value) implements Admission {

        /** Seconds for the header {@code Retry-After}. */
        public static final int RETRY_AFTER = 5;

        /** The answer to give over HTTP: 429 if the peer used up its share, 503 if the service is full or stopping. */
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
