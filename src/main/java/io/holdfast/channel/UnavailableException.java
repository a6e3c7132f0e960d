package io.holdfast.channel;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was asked of a channel can't be done now, and may be done later. The message may be told to the peer. */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final Logger log = LoggerFactory.getLogger(UnavailableException.class);

    private final String code;

    /** @param code as in an {@code error} event: {@code limit} or {@code unavailable} */
    public UnavailableException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** What {@code failure}, of a broker's stage, comes to; what is not to be told is in the log. */
    public static UnavailableException of(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof UnavailableException known) {
            return known;
        }
        log.warn("The broker failed", cause);
        return new UnavailableException("unavailable", "Channels are not available now; try again.");
    }

    /** To be told to the peer. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    public String code() {
        return code;
    }
}
