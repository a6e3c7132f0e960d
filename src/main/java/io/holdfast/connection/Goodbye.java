package io.holdfast.connection;

import io.holdfast.time.Timers;
import java.time.Duration;
import java.util.Locale;

/**
 * The event that ends a connection in a protocol that has events.
 *
 * @param retry when a client should come back; zero if it should not by itself
 */
public record Goodbye(CloseReason reason, Duration retry) {

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration SPREAD = Duration.ofSeconds(4);

    /** With a retry time drawn for this one connection, so that not all come back at once. */
    public static Goodbye of(CloseReason reason) {
        return new Goodbye(reason, reason.retry() ? LEAST.plus(Timers.phase(SPREAD)) : Duration.ZERO);
    }

    /** As {@code {"type":"goodbye","code":"draining","retry":"3.2s"}}. */
    public String json() {
        String hint =
                retry.isZero() ? "" : String.format(Locale.ROOT, ",\"retry\":\"%.1fs\"", retry.toMillis() / 1000.0);
        return "{\"type\":\"goodbye\",\"code\":\"" + reason.tag() + "\"" + hint + "}";
    }
}
