// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import io.holdfast.memory.MemoryPart;
import io.holdfast.memory.SharedBytes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A published message. It keeps its bytes in each encoding that was asked for, so that all subscribers of the node
 * share them. Safe from any thread.
 */
public final class Message {

    /** Bytes of the objects of a message, and of its places in a history; with compressed headers, on a 64-bit JVM. */
    static final int OBJECTS = 192;

    /** Bytes of the objects around a text. */
    private static final int TEXT = 56;

    /** Bytes of the object around the texts of a trace context. */
    private static final int TRACE = 16;

    /** Bytes of the place of an encoded form. */
    private static final int ENCODED = 16;

    private record Encoded(Encoding form, SharedBytes bytes) {}

    private static final Encoded[] NONE = {};

    private final String channel;
    private final Position position;
    private final Draft draft;

    // The array is replaced, never changed. It has few elements, so a search is faster than a map.
    private volatile Encoded[] encoded = NONE;

    // The history that counts it. Guarded by this.
    private @Nullable MemoryPart keptIn;

    public Message(String channel, Position position, Draft draft) {
        this.channel = channel;
        this.position = position;
        this.draft = draft;
    }

    /** Its bytes in {@code form}, encoded at most once: read-only, with a position of the caller's own. */
    public ByteBuffer as(Encoding form) {
        return shared(form).bytes();
    }

    /** Its bytes in {@code form}, encoded at most once. */
    public SharedBytes shared(Encoding form) {
        SharedBytes bytes = find(form);
        return bytes == null ? encode(form) : bytes;
    }

    private @Nullable SharedBytes find(Encoding form) {
        for (Encoded one : encoded) {
            if (one.form().equals(form)) {
                return one.bytes();
            }
        }
        return null;
    }

    private synchronized SharedBytes encode(Encoding form) {
        SharedBytes bytes = find(form);
        if (bytes == null) {
            bytes = new SharedBytes(form.encode(this).asReadOnlyBuffer());
            if (keptIn != null) {
                keptIn.add(cost(bytes));
            }
            Encoded[] more = Arrays.copyOf(encoded, encoded.length + 1);
            more[encoded.length] = new Encoded(form, bytes);
            encoded = more;
        }
        return bytes;
    }

    /** A history keeps it, and counts its memory from now on. */
    synchronized void kept(MemoryPart history) {
        keptIn = history;
        history.add(cost());
    }

    /** No history keeps it any more. */
    synchronized void dropped() {
        if (keptIn != null) {
            keptIn.release(cost());
            keptIn = null;
        }
    }

    /** Its memory in bytes, with all encodings that were made. */
    long cost() {
        long cost = OBJECTS;
        cost += data().length();
        cost += cost(event()) + cost(key());
        if (trace() != null) {
            cost += TRACE + cost(trace().traceparent()) + cost(trace().tracestate());
        }
        for (Encoded one : encoded) {
            cost += cost(one.bytes());
        }
        return cost;
    }

    private static int cost(@Nullable String text) {
        return text == null ? 0 : TEXT + text.length();
    }

    private static int cost(SharedBytes bytes) {
        return ENCODED + bytes.cost();
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

    public @Nullable TraceContext trace() {
        return draft.trace();
    }

    @Override
    public String toString() {
        return channel + " " + position + " " + data();
    }
}
