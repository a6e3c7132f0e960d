// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A channel as its rules say it is, in the simplest way that is right. */
final class ModelChannel {

    /** A message; its key is null if it has none. */
    record Kept(
            String position, @Nullable String key, @Nullable String event, String text) {}

    final String name;
    final Deque<Kept> kept = new ArrayDeque<>();
    private final int most;

    /** Unknown until the service was asked. */
    @Nullable
    String epoch;

    private long offset;

    ModelChannel(String name, int most) {
        this.name = name;
        this.most = most;
    }

    String head() {
        return epoch + ":" + offset;
    }

    /** The position that a publish is to be answered with. */
    Kept publish(@Nullable String key, @Nullable String event, String text) {
        offset++;
        Kept message = new Kept(head(), key, event, text);
        kept.add(message);
        if (kept.size() > most) {
            kept.remove();
        }
        return message;
    }

    @Nullable
    Kept published(@Nullable String key) {
        return kept.stream()
                .filter(message -> key != null && key.equals(message.key()))
                .findAny()
                .orElse(null);
    }

    boolean continues(@Nullable String from) {
        if (from == null || from.equals("earliest")) {
            return true;
        }
        long asked = offset(from);
        return from.startsWith(epoch + ":") && asked <= offset && asked >= offset - kept.size();
    }

    List<Kept> after(@Nullable String from) {
        if (from == null) {
            return List.of();
        }
        return kept.stream()
                .filter(message -> from.equals("earliest") || offset(message.position()) > offset(from))
                .toList();
    }

    static long offset(String position) {
        return Long.parseLong(position.substring(position.indexOf(':') + 1));
    }

    /** All of it has become too old. */
    void age() {
        kept.clear();
    }

    /** It was forgotten, and begins anew. */
    void forget() {
        kept.clear();
        epoch = null;
        offset = 0;
    }
}
