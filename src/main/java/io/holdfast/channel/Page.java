package io.holdfast.channel;

import java.util.List;

/** What a broker has after a position. */
public sealed interface Page {

    /** The position of the newest message when the page was read. */
    Position head();

    /**
     * Nothing is missing between the position asked for and these.
     *
     * @param messages in order, one after the other
     */
    record Messages(List<Message> messages, Position head) implements Page {

        /** Whether the newest message is not among them. */
        boolean hasMore() {
            return !messages.isEmpty() && messages.getLast().position().offset() < head.offset();
        }
    }

    /** What followed the position asked for may have been lost. */
    record Lost(Position head) implements Page {}
}
