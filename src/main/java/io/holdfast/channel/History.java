// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import io.holdfast.memory.MemoryPart;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The newest messages of one channel, within bounds of count, bytes and age. Confined to its owner's lock. */
final class History {

    private static final Duration RATE_SPAN = Duration.ofMinutes(1);
    private static final double SHORTEST_SPAN = 0.001;

    private final String channel;
    private final HistoryProperties limits;
    private final MemoryPart memory;

    private final TreeMap<Long, Message> kept = new TreeMap<>();
    private final Map<String, Position> positionsByKey = new HashMap<>();
    private Position head;
    private long bytes;
    private volatile long droppable;

    /** @param memory counts all histories */
    History(String channel, String epoch, HistoryProperties limits, MemoryPart memory) {
        this.channel = channel;
        this.head = new Position(epoch, 0);
        this.limits = limits;
        this.memory = memory;
    }

    /** The result of appending a draft. */
    sealed interface Appended {
        record Repeat(Position first) implements Appended {}

        record New(Message message) implements Appended {}
    }

    Appended append(Draft draft) {
        trimByAge(draft.time());
        Position first = draft.key() == null ? null : positionsByKey.get(draft.key());
        if (first != null) {
            return new Appended.Repeat(first);
        }
        head = head.next();
        Message message = new Message(channel, head, draft);
        kept.put(head.offset(), message);
        bytes += message.data().length();
        message.kept(memory);
        if (draft.key() != null) {
            positionsByKey.put(draft.key(), head);
        }
        while (!kept.isEmpty() && isOver()) {
            removeOldest();
        }
        count();
        return new Appended.New(message);
    }

    private boolean isOver() {
        return kept.size() > limits.messages() || bytes > limits.bytes().toBytes();
    }

    void trimByAge(Instant now) {
        Instant oldest = now.minus(limits.age());
        while (!kept.isEmpty() && kept.firstEntry().getValue().time().isBefore(oldest)) {
            removeOldest();
        }
        count();
    }

    /** Removes the oldest message. Returns the memory that it used. */
    private long removeOldest() {
        Message oldest = kept.pollFirstEntry().getValue();
        bytes -= oldest.data().length();
        if (oldest.key() != null) {
            positionsByKey.remove(oldest.key());
        }
        long cost = oldest.cost();
        oldest.dropped();
        return cost;
    }

    private void count() {
        droppable = kept.size() > 1 ? bytes + (long) kept.size() * Message.OBJECTS : 0;
    }

    /** Drops the oldest messages, but never the newest one, until {@code least} bytes of memory are free. */
    void dropOldest(long least) {
        long freed = 0;
        while (kept.size() > 1 && freed < least) {
            freed += removeOldest();
        }
        count();
    }

    /** About the memory that it uses, in bytes; 0 if it has at most one message. Safe from any thread. */
    long droppable() {
        return droppable;
    }

    HistoryPage read(From from, int limit) {
        return switch (from) {
            case From.Now ignored -> new HistoryPage.Messages(List.of(), head);
            case From.Earliest ignored -> after(head.offset() - kept.size(), limit);
            case From.After(Position position) ->
                continues(position) ? after(position.offset(), limit) : new HistoryPage.Lost(head);
        };
    }

    private boolean continues(Position position) {
        return position.epoch().equals(head.epoch())
                && position.offset() <= head.offset()
                && position.offset() >= head.offset() - kept.size();
    }

    private HistoryPage after(long offset, int limit) {
        return new HistoryPage.Messages(
                kept.tailMap(offset, false).values().stream().limit(limit).toList(), head);
    }

    Position head() {
        return head;
    }

    boolean isEmpty() {
        return kept.isEmpty();
    }

    Broker.HistoryStats stats(Instant now) {
        return new Broker.HistoryStats(head, kept.size(), bytes, perSecond(now));
    }

    /** Messages per second, over the last minute or as much of it as is kept. */
    private double perSecond(Instant now) {
        Instant since = now.minus(RATE_SPAN);
        long count = kept.descendingMap().values().stream()
                .takeWhile(message -> message.time().isAfter(since))
                .count();
        boolean allKept = count < kept.size() || head.offset() == kept.size();
        Duration span = count == 0 || allKept
                ? RATE_SPAN
                : Duration.between(kept.firstEntry().getValue().time(), now);
        return count / Math.max(span.toNanos() / 1e9, SHORTEST_SPAN);
    }
}
