package io.holdfast.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error to be answered in the place of what was asked for.
 *
 * @param status of HTTP
 * @param retry for the header {@code Retry-After}; null for none
 */
public record Refusal(int status, @Nullable Duration retry) {

    /** What is told beside the status. */
    public static final String DETAIL = "The parameter status asked for this answer.";

    /** The value of {@code Retry-After}, whole seconds: never less than was asked for. */
    public @Nullable String retryAfter() {
        return retry == null
                ? null
                : String.valueOf(retry.plusSeconds(1).minusNanos(1).toSeconds());
    }
}
