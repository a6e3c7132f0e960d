// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.channel.Position;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The positions that the publishers of one channel received. Safe from any thread. */
public final class Ledger {

    public final String channel;
    private final Map<String, Map<Long, String>> published = Collections.synchronizedMap(new TreeMap<>());

    /** In the order in which they were first seen, which is the channel's order. */
    private final List<String> epochs = new ArrayList<>();

    public Ledger(String channel) {
        this.channel = channel;
    }

    public synchronized void published(Position position, String text) {
        seen(position);
        String before = published
                .computeIfAbsent(position.epoch(), epoch -> new TreeMap<>())
                .put(position.offset(), text);
        assertThat(before).as("published at %s on %s", position, channel).isNull();
    }

    public synchronized void seen(Position position) {
        if (!epochs.contains(position.epoch())) {
            epochs.add(position.epoch());
        }
    }

    public synchronized int count() {
        return published.values().stream().mapToInt(Map::size).sum();
    }

    public synchronized void forEach(BiConsumer<Position, String> action) {
        published.forEach((epoch, messages) ->
                messages.forEach((offset, text) -> action.accept(new Position(epoch, offset), text)));
    }

    /** Whether something at {@code position} comes after one and not after the other. */
    public synchronized boolean isBetween(Position after, Position position, Position to) {
        return isAfter(position, after) && !isAfter(position, to);
    }

    private boolean isAfter(Position one, Position other) {
        int difference = epochs.indexOf(one.epoch()) - epochs.indexOf(other.epoch());
        return difference > 0 || (difference == 0 && one.offset() > other.offset());
    }
}
