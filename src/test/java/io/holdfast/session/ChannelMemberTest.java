// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.channel.Channels;
import io.holdfast.channel.From;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.Subscriber;
import io.holdfast.channel.Subscription;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.Transport;
import io.holdfast.support.HoldfastTest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A channel tells a subscriber of its subscription before the thread that subscribes goes on. What the client does then, counts. */
@HoldfastTest
class ChannelMemberTest {

    private static final String CHANNEL = "early";
    private static final EventFormat FORMAT =
            new JsonEvents(Transport.TCP.tag(), Events.MESSAGE_LINE, Events.MESSAGE_LINE, true);

    @Autowired
    Channels channels;

    @Autowired
    ChannelSessions sessions;

    private final List<String> told = new CopyOnWriteArrayList<>();

    /** Writes down what it is told. */
    private final class Listener implements Subscriber {

        @Override
        public String transport() {
            return Transport.TCP.tag();
        }

        @Override
        public void subscribed(Position at, Position head, boolean resumed) {
            told.add("subscribed");
        }

        @Override
        public void message(Message message) {
            told.add("message");
        }

        @Override
        public void gap(Position head) {
            told.add("gap");
        }

        @Override
        public void refused(UnavailableException cause) {
            told.add("refused");
        }

        @Override
        public void flush() {}

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public boolean isCaughtUp() {
            return true;
        }
    }

    @Test
    void endBeforeTheSubscriptionIsKnownEndsIt() throws Exception {
        ChannelMember member = new ChannelMember(sessions.withCommands(Transport.TCP, FORMAT), null, CHANNEL);
        Subscription subscription = channels.subscribe(CHANNEL, From.NOW, Subscription.Mode.ALL, new Listener());
        await("the subscription").until(() -> told.contains("subscribed"));
        CompletableFuture<String> ended = new CompletableFuture<>();

        member.end(() -> ended.complete("ended"));
        member.begin(subscription);

        assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("ended");
        assertThat(channels.subscribers(CHANNEL).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEmpty();
    }
}
