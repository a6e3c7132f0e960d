// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.delivery.DeliveryListener;
import io.holdfast.delivery.Goodbye;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.fault.FaultParameters;
import io.holdfast.fault.HeartbeatFormats;
import io.holdfast.session.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import tools.jackson.core.io.JsonStringEncoder;

/** How a stream's ticks are written, chosen by {@code Accept}. */
@SuppressWarnings("ImmutableEnumChecker") // its framings have no state
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
    private final StreamFraming inChunks;
    private final StreamFraming plain;

    /** @param ping empty if the format has no such thing */
    StreamFormat(String contentType, String comment, String ping, String data) {
        this.contentType = contentType;
        this.comment = comment;
        this.ping = ping;
        this.data = data;
        this.inChunks = new StreamFraming(true, this::heartbeat, this::goodbyeIfTold);
        this.plain = new StreamFraming(false, this::heartbeat, this::goodbyeIfTold);
    }

    /**
     * The best format for a client.
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

    /** The last event of a stream that the service ends; empty in a format without events. */
    abstract String goodbye(Goodbye goodbye);

    /** {@code message} as {@link #tick} takes it. */
    String escape(String message) {
        return this == TEXT
                ? message
                : new String(JsonStringEncoder.getInstance().quoteAsCharArray(message));
    }

    /** The text of a heartbeat. */
    private String heartbeat(HeartbeatSpec.Kind kind) {
        return switch (kind) {
            // A client that asked for none still gets one when it has to be found out whether it is there.
            case NONE, COMMENT -> comment;
            case PING -> ping;
            case DATA -> data;
        };
    }

    /** The heartbeats that this format can have. */
    HeartbeatFormats heartbeats(Duration interval) {
        return ping.isEmpty() ? HeartbeatFormats.ofText(interval) : HeartbeatFormats.ofEvents(interval);
    }

    StreamFraming framing(boolean chunked) {
        return chunked ? inChunks : plain;
    }

    private String goodbyeIfTold(Goodbye goodbye) {
        return goodbye.reason().toldOnStreams() ? goodbye(goodbye) : "";
    }

    /** {@code stream}, with the reconnection time first if a client asked for one; only event streams have a field for it. */
    DeliveryListener retryFirst(FaultParameters parameters, DeliveryListener stream) {
        if (this != SSE) {
            parameters.refuseRetry();
        }
        Duration retry = parameters.retry();
        return retry == null ? stream : new RetryFirst(retry, stream);
    }

    private static String json(long number, Instant time, String message) {
        return "{\"tick\":" + number + ",\"time\":\"" + Events.time(time) + "\",\"message\":\"" + message + "\"}";
    }
}
