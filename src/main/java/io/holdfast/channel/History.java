package io.holdfast.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** The newest messages of one channel, within bounds of count, bytes and age. Confined to its owner's lock. */
final class History {

    private static final Duration RATE_SPAN = Duration.ofMinutes(1);
    private static final double SHORTEST_SPAN = 0.001;

    private final String channel;
    private final HistoryProperties limits;
    private final AtomicLong total;

    private final TreeMap<Long, Message> kept = new TreeMap<>();
    private final Map<String, Position> positionsByKey = new HashMap<>();
    private Position head;
    private long bytes;

    /** @param total bytes of all histories, including this one */
    History(String channel, String epoch, HistoryProperties limits, AtomicLong total) {
        this.channel = channel;
        this.head = new Position(epoch, 0);
        this.limits = limits;
        this.total = total;
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
        count(message.data().length());
        if (draft.key() != null) {
            positionsByKey.put(draft.key(), head);
        }
        while (!kept.isEmpty() && isOver()) {
            removeOldest();
        }
        return new Appended.New(message);
    }

    private boolean isOver() {
        return kept.size() > limits.messages()
                || bytes > limits.bytes().toBytes()
                || (total.get() > limits.total().toBytes() && kept.size() > 1);
    }

    void trimByAge(Instant now) {
        Instant oldest = now.minus(limits.age());
        while (!kept.isEmpty() && kept.firstEntry().getValue().time().isBefore(oldest)) {
            removeOldest();
        }
    }

    private void removeOldest() {
        Message oldest = kept.pollFirstEntry().getValue();
        count(-oldest.data().length());
        if (oldest.key() != null) {
            positionsByKey.remove(oldest.key());
        }
    }

    private void count(int change) {
        bytes += change;
        total.addAndGet(change);
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

    Broker.HistoryStats size(Instant now) {
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
