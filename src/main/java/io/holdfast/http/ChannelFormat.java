// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.channel.Encoding;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.TraceContext;
import io.holdfast.session.Events;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;

/** How a channel's messages and events are written in a stream, chosen by {@code Accept}. */
@SuppressWarnings("ImmutableEnumChecker") // its forms are functions without state
enum ChannelFormat {
    /** Server-sent events: a message's position is its {@code id}. */
    SSE(StreamFormat.SSE, ChannelFormat::event) {
        @Override
        String subscribed(String welcome, String channel, Position at, Position head, boolean resumed) {
            String gap = resumed ? "" : gap(channel, head);
            return "event: welcome\nid: " + at + "\ndata: " + welcome + "\n\n" + gap;
        }

        @Override
        String event(String name, String json) {
            return "event: " + name + "\ndata: " + json + "\n\n";
        }

        @Override
        String gap(String channel, Position head) {
            return "event: gap\nid: " + head + "\ndata: " + Events.gap(channel, head) + "\n\n";
        }
    },
    /** The events of the JSON transports, one a line. */
    NDJSON(StreamFormat.NDJSON, Events.MESSAGE_LINE) {
        @Override
        String subscribed(String welcome, String channel, Position at, Position head, boolean resumed) {
            return welcome + "\n" + Events.subscribed(null, channel, head, resumed) + "\n";
        }

        @Override
        String event(String name, String json) {
            return json + "\n";
        }

        @Override
        String gap(String channel, Position head) {
            return Events.gap(channel, head) + "\n";
        }
    };

    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");

    private final StreamFormat format;
    private final Encoding message;
    private final Encoding chunk;
    private final StreamEvents inChunks = new StreamEvents(this, true);
    private final StreamEvents plain = new StreamEvents(this, false);

    ChannelFormat(StreamFormat format, Encoding message) {
        this.format = format;
        this.message = message;
        this.chunk = published -> Chunk.of(published.as(message));
    }

    /** One that readers of event streams ignore, unless they know it. */
    private static void field(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append('\n');
    }

    /** Each line break in the data starts another data line, so that no data can end the event. */
    private static ByteBuffer event(Message message) {
        StringBuilder text = new StringBuilder(message.data().length() + 64)
                .append("id: ")
                .append(message.position())
                .append('\n');
        if (message.event() != null) {
            text.append("event: ").append(message.event()).append('\n');
        }
        TraceContext trace = message.trace();
        if (trace != null) {
            field(text, TraceContext.TRACEPARENT, trace.traceparent());
            if (trace.tracestate() != null) {
                field(text, TraceContext.TRACESTATE, trace.tracestate());
            }
        }
        for (String line : LINE_BREAK.split(message.data().text(), -1)) {
            text.append("data: ").append(line).append('\n');
        }
        return ByteBuffer.wrap(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A message as it is. */
    Encoding message() {
        return message;
    }

    /** A message as a chunk of a body. */
    Encoding chunk() {
        return chunk;
    }

    String contentType() {
        return format.contentType();
    }

    MediaType mediaType() {
        return MediaType.parseMediaType(contentType());
    }

    StreamFormat format() {
        return format;
    }

    /** How the events of one response are written. */
    StreamEvents events(boolean chunkedResponse) {
        return chunkedResponse ? inChunks : plain;
    }

    /**
     * The first event.
     *
     * @param at where a client that gets nothing more would have to resume
     * @param head position of the newest message
     */
    abstract String subscribed(String welcome, String channel, Position at, Position head, boolean resumed);

    /** An event that has no position. */
    abstract String event(String name, String json);

    abstract String gap(String channel, Position head);
}
