// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPeer.Received;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A connected subscriber, and what the model says that it is yet to receive of each of its channels. */
abstract sealed class ModelClient {

    /** A subscription: the expected messages, and the position at which it would resume. */
    static final class Expected {

        final Deque<ModelChannel.Kept> messages = new ArrayDeque<>();
        String position;

        Expected(String position) {
            this.position = position;
        }

        void take(String channel, String position, @Nullable String event, String text) {
            ModelChannel.Kept next = messages.poll();
            assertThat(next)
                    .as("expected on %s, where %s came", channel, position)
                    .isNotNull();
            assertThat(new ModelChannel.Kept(position, next.key(), event, text)).isEqualTo(next);
            this.position = position;
        }
    }

    final Map<String, Expected> subscriptions = new TreeMap<>();

    /** Subscribes, checks the answer against the model, and enters what is to come. */
    abstract void subscribe(ModelChannel channel, @Nullable String from) throws IOException;

    /** Receives the next message, which must be an expected one. */
    abstract void receive() throws IOException;

    /** Ends one of several subscriptions. */
    abstract void unsubscribe(String channel) throws IOException;

    abstract boolean isFull();

    abstract void cut() throws IOException;

    abstract String transport();

    boolean isOwedAnything() {
        return subscriptions.values().stream().anyMatch(expected -> !expected.messages.isEmpty());
    }

    void receiveAll() throws IOException {
        while (isOwedAnything()) {
            receive();
        }
    }

    final void enter(ModelChannel channel, @Nullable String from, boolean resumed, String head) {
        assertThat(resumed).as("resumed %s from %s", channel.name, from).isEqualTo(channel.continues(from));
        assertThat(head).isEqualTo(channel.head());
        String position = resumed && from != null && !from.equals("earliest") ? from : head;
        Expected expected = new Expected(position);
        if (resumed) {
            expected.messages.addAll(channel.after(from));
        }
        subscriptions.put(channel.name, expected);
    }

    /** A stream of one channel. */
    static final class Stream extends ModelClient {

        private final ChannelPeer.Way way;
        private final Ports ports;
        private @Nullable ChannelPeer peer;

        Stream(ChannelPeer.Way way, Ports ports) {
            this.way = way;
            this.ports = ports;
        }

        @Override
        void subscribe(ModelChannel channel, @Nullable String from) throws IOException {
            ChannelPeer opened = ChannelPeer.open(way, ports, new Place(channel.name, from, "all"));
            // A stream tells its head only if it does not resume.
            enter(channel, from, opened.resumed(), opened.resumed() ? channel.head() : opened.position());
            peer = opened;
        }

        private ChannelPeer peer() {
            return Objects.requireNonNull(peer);
        }

        @Override
        void receive() throws IOException {
            Received received = peer().next();
            assertThat(peer().gaps()).isZero();
            subscriptions.forEach((channel, expected) -> expected.take(
                    channel,
                    received.position(),
                    received.event(),
                    received.data().stringValue()));
        }

        @Override
        void unsubscribe(String channel) {
            throw new UnsupportedOperationException("a stream has one channel");
        }

        @Override
        boolean isFull() {
            return peer != null;
        }

        @Override
        void cut() throws IOException {
            peer().cut();
        }

        @Override
        String transport() {
            return way.name();
        }
    }

    /** A connection that takes commands. */
    static final class Talk extends ModelClient {

        private static final int MOST = 3;

        private final JsonTalk talk;

        Talk(JsonTalk talk) {
            this.talk = talk;
        }

        @Override
        void subscribe(ModelChannel channel, @Nullable String from) throws IOException {
            talk.say("{\"type\":\"subscribe\",\"channel\":\"" + channel.name + "\""
                    + (from == null ? "" : ",\"from\":\"" + from + "\"") + "}");
            JsonNode answer = hearUntil("subscribed");
            enter(
                    channel,
                    from,
                    answer.path("resumed").asBoolean(),
                    answer.path("position").asString(""));
        }

        private JsonNode hearUntil(String type) throws IOException {
            JsonNode event = talk.hear();
            while (event.path("type").asString("").equals("message")) {
                take(event);
                event = talk.hear();
            }
            assertThat(event.path("type").asString("")).isEqualTo(type);
            return event;
        }

        private void take(JsonNode message) {
            String channel = message.path("channel").asString("");
            assertThat(subscriptions).containsKey(channel);
            JsonNode event = message.get("event");
            Objects.requireNonNull(subscriptions.get(channel))
                    .take(
                            channel,
                            message.path("position").asString(""),
                            event == null ? null : event.stringValue(),
                            message.path("data").asString(""));
        }

        @Override
        void receive() throws IOException {
            take(talk.hear("message"));
        }

        @Override
        void unsubscribe(String channel) throws IOException {
            talk.say("{\"type\":\"unsubscribe\",\"channel\":\"" + channel + "\"}");
            hearUntil("unsubscribed");
            assertThat(Objects.requireNonNull(subscriptions.remove(channel)).messages)
                    .isEmpty();
        }

        @Override
        boolean isFull() {
            return subscriptions.size() == MOST;
        }

        @Override
        void cut() throws IOException {
            talk.reset();
        }

        @Override
        String transport() {
            return talk.way().name();
        }
    }
}
