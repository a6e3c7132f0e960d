package io.holdfast.http;

import io.holdfast.connection.Goodbye;
import io.holdfast.fault.Beat;
import io.holdfast.fault.Wishes;
import io.holdfast.session.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import tools.jackson.core.io.JsonStringEncoder;

/** How a stream's ticks are written, chosen by {@code Accept}. */
enum StreamFormat {
    /** The message, a line a tick. The only format without number and time. */
    TEXT("text/plain;charset=UTF-8", "\n", "", "heartbeat\n") {
        @Override
        String tick(long number, Instant time, String message) {
            return message + "\n";
        }

        @Override
        String goodbye(Goodbye goodbye) {
            return "";
        }
    },
    /** Server-sent events: the tick's number as {@code id}, the JSON object as {@code data}. */
    SSE(
            "text/event-stream",
            ": heartbeat\n\n",
            "event: ping\ndata: {\"type\":\"ping\"}\n\n",
            "data: {\"type\":\"heartbeat\"}\n\n") {
        @Override
        String tick(long number, Instant time, String message) {
            return "id: " + number + "\ndata: " + json(number, time, message) + "\n\n";
        }

        @Override
        String goodbye(Goodbye goodbye) {
            String retry =
                    goodbye.retry().isZero() ? "" : "retry: " + goodbye.retry().toMillis() + "\n";
            return retry + "event: goodbye\ndata: " + goodbye.json() + "\n\n";
        }
    },
    /** A JSON object a line. */
    NDJSON("application/x-ndjson", "\n", "{\"type\":\"ping\"}\n", "{\"type\":\"heartbeat\"}\n") {
        @Override
        String tick(long number, Instant time, String message) {
            return json(number, time, message) + "\n";
        }

        @Override
        String goodbye(Goodbye goodbye) {
            return goodbye.json() + "\n";
        }
    };

    private final String contentType;
    private final String comment;
    private final String ping;
    private final String data;

    /** @param ping empty if the format has no such thing */
    StreamFormat(String contentType, String comment, String ping, String data) {
        this.contentType = contentType;
        this.comment = comment;
        this.ping = ping;
        this.data = data;
    }

    /**
     * The format that a client likes best.
     *
     * @param accept the media types of the request's {@code Accept}, in any order; none is any
     * @throws HttpMediaTypeNotAcceptableException if it likes none
     */
    static StreamFormat of(List<MediaType> accept) throws HttpMediaTypeNotAcceptableException {
        return Accept.choose(accept, List.of(values()), StreamFormat::mediaType);
    }

    String contentType() {
        return contentType;
    }

    private MediaType mediaType() {
        return MediaType.parseMediaType(contentType);
    }

    /** One tick as it is sent; {@code message} has no line break, or is JSON's own text where the format is JSON. */
    abstract String tick(long number, Instant time, String message);

    /** The last thing said to a client whose stream we end; nothing in a format without events. */
    abstract String goodbye(Goodbye goodbye);

    /** {@code message} as {@link #tick} takes it. */
    String escape(String message) {
        return this == TEXT
                ? message
                : new String(JsonStringEncoder.getInstance().quoteAsCharArray(message));
    }

    /** What is sent when there was nothing else for a while. */
    String heartbeat(Beat.Kind kind) {
        return switch (kind) {
            // Who wants none is still sent one to find out whether it is there at all.
            case NONE, COMMENT -> comment;
            case PING -> ping;
            case DATA -> data;
        };
    }

    /** The signs of life that a client asked for, or the usual ones: what readers of the format skip. */
    Beat beat(Wishes wishes, Duration usual) {
        Wishes.Beats able = ping.isEmpty() ? Wishes.Beats.ofText(usual) : Wishes.Beats.ofEvents(usual);
        return Objects.requireNonNullElse(wishes.beat(able), new Beat(Beat.Kind.COMMENT, usual));
    }

    /** {@code source}, after the time to come back if a client asked for that; only event streams have a word for it. */
    StreamSource retryFirst(Wishes wishes, StreamSource source) {
        if (this != SSE) {
            wishes.refuseRetry();
        }
        Duration retry = wishes.retry();
        return retry == null ? source : new RetryFirst(retry, source);
    }

    private static String json(long number, Instant time, String message) {
        return "{\"tick\":" + number + ",\"time\":\"" + Events.time(time) + "\",\"message\":\"" + message + "\"}";
    }
}
