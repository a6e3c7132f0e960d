package io.holdfast.redis;

import io.holdfast.channel.Draft;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Encodes messages for Redis. A stored message has four lines: time in milliseconds, event name (may be empty), key (may
 * be empty), data. An announced message has its position as an additional first line.
 */
final class MessageCodec {

    private MessageCodec() {}

    static byte[] encode(Draft draft) {
        String head = draft.time().toEpochMilli() + "\n" + orEmpty(draft.event()) + "\n" + orEmpty(draft.key()) + "\n";
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
        String key = orNull(lines.next());
        String data = lines.rest();
        return new Message(channel, position, new Draft(event, key, JsonValue.slice(data, 0, data.length()), time));
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
