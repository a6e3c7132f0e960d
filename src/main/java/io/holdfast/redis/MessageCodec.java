// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.channel.Draft;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.TraceContext;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Encodes messages for Redis. A stored message has four lines: time in milliseconds, event name (may be empty), key (may
 * be empty) with the trace context, data. An announced message has its position as an additional first line.
 *
 * <p>The trace context follows the key after a tab, and its tracestate after another one. No key has a tab. Nodes of versions
 * that know no trace context take it for a part of the key, which they show to nobody.
 */
final class MessageCodec {

    private static final String TAB = "\t";

    private MessageCodec() {}

    static byte[] encode(Draft draft) {
        String head = draft.time().toEpochMilli() + "\n" + orEmpty(draft.event()) + "\n" + orEmpty(draft.key())
                + trace(draft.trace()) + "\n";
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(start.length + draft.data().length());
        bytes.writeBytes(start);
        draft.data().writeTo(bytes);
        return bytes.toByteArray();
    }

    static Message announced(String channel, byte[] bytes) {
        Lines lines = new Lines(bytes);
        Position position = Position.parse(lines.next());
        if (position == null) {
            throw new IllegalArgumentException("An announcement has no position");
        }
        return message(channel, position, lines);
    }

    static Message stored(String channel, Position position, byte[] bytes) {
        return message(channel, position, new Lines(bytes));
    }

    private static Message message(String channel, Position position, Lines lines) {
        Instant time = Instant.ofEpochMilli(Long.parseLong(lines.next()));
        String event = orNull(lines.next());
        String[] keyAndTrace = lines.next().split(TAB, 3);
        String data = lines.rest();
        return new Message(
                channel,
                position,
                new Draft(
                        event,
                        orNull(keyAndTrace[0]),
                        JsonValue.slice(data, 0, data.length()),
                        time,
                        trace(keyAndTrace)));
    }

    private static String trace(@Nullable TraceContext trace) {
        if (trace == null) {
            return "";
        }
        return TAB + trace.traceparent() + (trace.tracestate() == null ? "" : TAB + trace.tracestate());
    }

    private static @Nullable TraceContext trace(String[] keyAndTrace) {
        return keyAndTrace.length == 1
                ? null
                : new TraceContext(keyAndTrace[1], keyAndTrace.length == 2 ? null : keyAndTrace[2]);
    }

    private static final class Lines {

        private final byte[] bytes;
        private int at;

        Lines(byte[] bytes) {
            this.bytes = bytes;
        }

        String next() {
            int from = at;
            while (bytes[at] != '\n') {
                at++;
            }
            String line = new String(bytes, from, at - from, StandardCharsets.UTF_8);
            at++;
            return line;
        }

        String rest() {
            return new String(bytes, at, bytes.length - at, StandardCharsets.UTF_8);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
