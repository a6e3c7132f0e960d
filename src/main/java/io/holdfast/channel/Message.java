package io.holdfast.channel;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A published message. It keeps its bytes in each encoding that was asked for, so that all subscribers of the node
 * share them. Safe from any thread.
 */
public final class Message {

    private record Encoded(Encoding form, ByteBuffer bytes) {}

    private static final Encoded[] NONE = {};

    private final String channel;
    private final Position position;
    private final Draft draft;

    // The array is replaced, never changed. It has few elements, so a search is faster than a map.
    private volatile Encoded[] encoded = NONE;

    public Message(String channel, Position position, Draft draft) {
        this.channel = channel;
        this.position = position;
        this.draft = draft;
    }

    /** Its bytes in {@code form}, encoded at most once: read-only, with a position of the caller's own. */
    public ByteBuffer as(Encoding form) {
        ByteBuffer bytes = find(form);
        return (bytes == null ? encode(form) : bytes).duplicate();
    }

    private @Nullable ByteBuffer find(Encoding form) {
        for (Encoded one : encoded) {
            if (one.form().equals(form)) {
                return one.bytes();
            }
        }
        return null;
    }

    private synchronized ByteBuffer encode(Encoding form) {
        ByteBuffer bytes = find(form);
        if (bytes == null) {
            bytes = form.encode(this).asReadOnlyBuffer();
            Encoded[] more = Arrays.copyOf(encoded, encoded.length + 1);
            more[encoded.length] = new Encoded(form, bytes);
            encoded = more;
        }
        return bytes;
    }

    public String channel() {
        return channel;
    }

    public Position position() {
        return position;
    }

    public @Nullable String event() {
        return draft.event();
    }

    public @Nullable String key() {
        return draft.key();
    }

    public JsonValue data() {
        return draft.data();
    }

    public Instant time() {
        return draft.time();
    }

    @Override
    public String toString() {
        return channel + " " + position + " " + data();
    }
}
