package io.holdfast.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * An error to be answered in the place of what was asked for.
 *
 * @param status of HTTP
 * @param retry for the header {@code Retry-After}; null for none
 */
public record Refusal(int status, @Nullable Duration retry) {

    /** The answer to give. */
    public ProblemDetail problem() {
        return ProblemDetail.forStatusAndDetail(
                HttpStatusCode.valueOf(status), "The parameter status asked for this answer.");
    }

    /** The value of {@code Retry-After}, whole seconds: never less than was asked for. */
    public @Nullable String retryAfter() {
        return retry == null
                ? null
                : String.valueOf(retry.plusSeconds(1).minusNanos(1).toSeconds());
    }
}
