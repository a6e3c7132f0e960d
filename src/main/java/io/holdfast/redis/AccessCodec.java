// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.access.AccessStore;
import io.holdfast.access.Revocation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Encodes revocations for Redis. A stored one has what it refuses, as {@code subject:alice}, and its end in
 * milliseconds. An announcement has two parts, divided by a line break: the end of a revocation and what it refuses,
 * or {@code disconnect} and a subject. Whatever can't be parsed is an {@link IllegalArgumentException}.
 */
final class AccessCodec {

    /** Late enough; until then, Redis and Lua count milliseconds exactly. */
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private static final String DISCONNECT = "disconnect";

    private AccessCodec() {}

    /** What is refused. */
    static String refused(Revocation revocation) {
        return revocation.kind().name().toLowerCase(Locale.ROOT) + ":" + revocation.value();
    }

    /** In milliseconds. */
    static String end(Revocation revocation) {
        Instant until = revocation.until();
        if (until.isBefore(Instant.EPOCH)) {
            return "0";
        }
        return String.valueOf((until.isAfter(LATEST) ? LATEST : until).toEpochMilli());
    }

    static Revocation stored(byte[] refused, byte[] end) {
        return revocation(text(refused), text(end));
    }

    private static Revocation revocation(String refused, String end) {
        int colon = split(refused, ':');
        return new Revocation(
                Revocation.Kind.valueOf(refused.substring(0, colon).toUpperCase(Locale.ROOT)),
                refused.substring(colon + 1),
                Instant.ofEpochMilli(Long.parseLong(end)));
    }

    static byte[] announce(Revocation revocation) {
        return bytes(end(revocation) + "\n" + refused(revocation));
    }

    static byte[] announceDisconnect(String subject) {
        return bytes(DISCONNECT + "\n" + subject);
    }

    /** What a listener has to be told. */
    static Consumer<AccessStore.Listener> announced(byte[] announcement) {
        String all = text(announcement);
        int end = split(all, '\n');
        String first = all.substring(0, end);
        String rest = all.substring(end + 1);
        if (first.equals(DISCONNECT)) {
            return listener -> listener.disconnected(rest);
        }
        Revocation revocation = revocation(rest, first);
        return listener -> listener.revoked(revocation);
    }

    private static int split(String text, char separator) {
        int at = text.indexOf(separator);
        if (at < 0) {
            throw new IllegalArgumentException("A part is missing");
        }
        return at;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
