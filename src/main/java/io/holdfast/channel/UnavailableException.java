// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel refuses a request for the moment: the same request may succeed later. The message may be sent to the peer. */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Logger log = LoggerFactory.getLogger(UnavailableException.class);

    private final String code;

    /** @param code as in an {@code error} event: {@code limit} or {@code unavailable} */
    public UnavailableException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** The exception for the failure of a broker's stage. Details that the peer must not see are logged. */
    public static UnavailableException of(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof UnavailableException known) {
            return known;
        }
        log.warn("The broker failed", cause);
        return new UnavailableException("unavailable", "Channels are not available now; try again.");
    }

    /** The sentence for the peer. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    public String code() {
        return code;
    }
}
