// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * An error that is answered instead of the request.
 *
 * @param status of HTTP, from 400 to 599
 * @param retry for the header {@code Retry-After}; null for none
 */
public record Refusal(int status, @Nullable Duration retry) {

    /** The body of the answer. */
    public ProblemDetail problem() {
        return ProblemDetail.forStatusAndDetail(
                HttpStatusCode.valueOf(status), "The parameter status asked for this answer.");
    }

    /** The value of {@code Retry-After} in whole seconds, rounded up; null for none. */
    public @Nullable String retryAfter() {
        return retry == null
                ? null
                : String.valueOf(retry.plusSeconds(1).minusNanos(1).toSeconds());
    }
}
