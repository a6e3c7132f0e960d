// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.Subscriber;
import io.holdfast.channel.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;

/** Remembers what a channel tells it. */
public final class RecordingSubscriber implements Subscriber {

    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final Queue<Long> messages = new ConcurrentLinkedQueue<>();
    private final Queue<Position> gaps = new ConcurrentLinkedQueue<>();
    private volatile boolean room = true;

    /** {@code subscribed 3} or {@code lost 3}, where it begins, {@code 4} for a message, {@code gap 5} or {@code refused CODE}. */
    public List<String> told() {
        return List.copyOf(told);
    }

    /** The offsets of the messages. */
    public List<Long> messages() {
        return List.copyOf(messages);
    }

    /** Where it was told to go on, at the beginning or later. */
    public List<Position> gaps() {
        return List.copyOf(gaps);
    }

    public void setRoom(boolean room) {
        this.room = room;
    }

    /** Waits until it was told {@code first}, the messages from {@code from} to {@code to}, and nothing else. */
    public void awaits(String first, long from, long to) {
        List<String> all = new ArrayList<>(List.of(first));
        LongStream.rangeClosed(from, to).mapToObj(String::valueOf).forEach(all::add);
        await().untilAsserted(() -> assertThat(told).containsExactlyElementsOf(all));
    }

    /** Waits until it was told something. */
    public void awaitsAnything() {
        await().until(() -> !told.isEmpty());
    }

    @Override
    public String transport() {
        return "test";
    }

    @Override
    public void subscribed(Position at, Position head, boolean resumed) {
        if (!resumed) {
            gaps.add(head);
        }
        told.add((resumed ? "subscribed " : "lost ") + at.offset());
    }

    @Override
    public void message(Message message) {
        messages.add(message.position().offset());
        told.add(String.valueOf(message.position().offset()));
    }

    @Override
    public void gap(Position head) {
        gaps.add(head);
        told.add("gap " + head.offset());
    }

    @Override
    public void refused(UnavailableException cause) {
        told.add("refused " + cause.code());
    }

    @Override
    public void flush() {}

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public boolean isCaughtUp() {
        return true;
    }
}
