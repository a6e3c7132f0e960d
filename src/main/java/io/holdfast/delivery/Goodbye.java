// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.connection.CloseReason;
import io.holdfast.time.Timers;
import java.time.Duration;
import java.util.Locale;

/**
 * What a peer is told before we end its connection.
 *
 * @param retry when a client should connect again; zero if it should not by itself
 * @param code of the close frame (RFC 6455, section 7.4); other formats have none
 * @param text of the close frame, at most 123 bytes of UTF-8; empty for none
 */
public record Goodbye(CloseReason reason, Duration retry, int code, String text) {

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration SPREAD = Duration.ofSeconds(4);

    /** With a random retry time, so that not all clients connect again at the same moment. */
    public static Goodbye of(CloseReason reason) {
        Duration retry = reason.retry() ? LEAST.plus(Timers.phase(SPREAD)) : Duration.ZERO;
        return new Goodbye(reason, retry, reason.webSocketCode(), reason.text());
    }

    /** With a close frame of its own. */
    public static Goodbye of(CloseReason reason, int code, String text) {
        return new Goodbye(reason, Duration.ZERO, code, text);
    }

    /** The event of the channel protocol, as {@code {"type":"goodbye","code":"draining","retry":"3.2s"}}. */
    public String json() {
        String hint =
                retry.isZero() ? "" : String.format(Locale.ROOT, ",\"retry\":\"%.1fs\"", retry.toMillis() / 1000.0);
        return "{\"type\":\"goodbye\",\"code\":\"" + reason.tag() + "\"" + hint + "}";
    }
}
