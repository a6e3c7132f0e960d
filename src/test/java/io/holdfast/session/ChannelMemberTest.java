// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.channel.Channels;
import io.holdfast.channel.Draft;
import io.holdfast.channel.From;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Subscription;
import io.holdfast.connection.Transport;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.RecordingSubscriber;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
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

    private final RecordingSubscriber subscriber = new RecordingSubscriber();

    private ChannelMember member() {
        return new ChannelMember(sessions.withCommands(Transport.TCP, FORMAT), null, CHANNEL);
    }

    private Subscription subscribe(From from) {
        Subscription subscription = channels.subscribe(CHANNEL, from, Subscription.Mode.ALL, subscriber);
        subscriber.awaitsAnything();
        return subscription;
    }

    @Test
    void endBeforeTheSubscriptionIsKnownEndsIt() throws Exception {
        ChannelMember member = member();
        Subscription subscription = subscribe(From.NOW);
        CompletableFuture<String> ended = new CompletableFuture<>();

        member.end(() -> ended.complete("ended"));
        member.begin(subscription);

        assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("ended");
        assertThat(channels.subscribers(CHANNEL).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isEmpty();
    }

    @Test
    void roomBeforeTheSubscriptionIsKnownCounts() throws Exception {
        channels.publish(CHANNEL, new Draft(null, null, JsonValue.ofText("a"), Instant.now()), "test")
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        ChannelMember member = member();
        subscriber.setRoom(false);
        Subscription subscription = subscribe(From.EARLIEST);
        CompletableFuture<String> ended = new CompletableFuture<>();

        subscriber.setRoom(true);
        member.ready();
        assertThat(subscriber.told()).containsExactly("subscribed 0");
        member.begin(subscription);

        subscriber.awaits("subscribed 0", 1, 1);
        member.end(() -> ended.complete("ended"));
        assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("ended");
    }
}
