// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import org.jspecify.annotations.Nullable;

/** Where in a channel's history a subscriber begins. */
public sealed interface From {

    /** With the next message. */
    record Now() implements From {}

    /** With the oldest message that is kept. */
    record Earliest() implements From {}

    /** With the message after {@code position}. */
    record After(Position position) implements From {}

    From NOW = new Now();
    From EARLIEST = new Earliest();

    /** {@code earliest} or a position; null if {@code text} is neither. */
    static @Nullable From parse(String text) {
        if (text.equals("earliest")) {
            return EARLIEST;
        }
        Position position = Position.parse(text);
        return position == null ? null : new After(position);
    }
}
