// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * The answer to a peer that does something too often.
 *
 * @param perSecond the limit's value
 * @param pause the time until it may do it again
 */
public record RateExceeded(RateLimit limit, int perSecond, Duration pause) {

    /** What happened and when to try again, for an answer to the peer. */
    public String sentence() {
        return "The limit " + limit.property() + " of " + perSecond + " is reached. Try again in " + retryAfter()
                + (retryAfter() == 1 ? " second." : " seconds.");
    }

    /** Seconds for the header {@code Retry-After}: rounded up, at least 1. */
    public long retryAfter() {
        return Math.max(1, pause.plusSeconds(1).minusNanos(1).toSeconds());
    }

    /** The answer over HTTP (RFC 6585, section 4). */
    public ProblemDetail problem() {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.TOO_MANY_REQUESTS, sentence());
        problem.setProperty("limit", limit.property());
        problem.setProperty("value", perSecond);
        return problem;
    }
}
