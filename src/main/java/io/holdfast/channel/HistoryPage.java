// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.List;

/** The part of a history after a position. */
public sealed interface HistoryPage {

    /** The position of the newest message when the page was read. */
    Position head();

    /**
     * No message between the position asked for and these is missing.
     *
     * @param messages in order, without holes
     */
    record Messages(List<Message> messages, Position head) implements HistoryPage {

        /** Whether there are newer messages than these. */
        boolean hasMore() {
            return !messages.isEmpty() && messages.getLast().position().offset() < head.offset();
        }
    }

    /** Messages after the position asked for may have been lost. */
    record Lost(Position head) implements HistoryPage {}
}
