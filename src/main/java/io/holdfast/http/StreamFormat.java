package io.holdfast.http;

import io.holdfast.connection.Goodbye;
import io.holdfast.session.Events;
import java.time.Instant;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import tools.jackson.core.io.JsonStringEncoder;

/** How a stream's ticks are written, chosen by {@code Accept}. */
enum StreamFormat {
    /** The message, a line a tick. The only format without number and time. */
    TEXT("text/plain;charset=UTF-8", "\n") {
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
    SSE("text/event-stream", ": heartbeat\n\n") {
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
    NDJSON("application/x-ndjson", "\n") {
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
    private final String heartbeat;

    StreamFormat(String contentType, String heartbeat) {
        this.contentType = contentType;
        this.heartbeat = heartbeat;
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

    /** What is sent when there was nothing else for a while; readers of the format skip it. */
    String heartbeat() {
        return heartbeat;
    }

    private static String json(long number, Instant time, String message) {
        return "{\"tick\":" + number + ",\"time\":\"" + Events.time(time) + "\",\"message\":\"" + message + "\"}";
    }
}
