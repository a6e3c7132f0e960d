// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.access.Access;
import io.holdfast.channel.Channels;
import io.holdfast.channel.From;
import io.holdfast.channel.Subscription;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.RateLimits;
import io.holdfast.connection.Transport;
import io.holdfast.time.Timers;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Makes the session of each connection that speaks the channel protocol, and holds what all of them share. */
@Component
public final class ChannelSessions {

    /** Bytes that a command may have beside its data: names, id, trace context and punctuation, if every character is escaped. */
    private static final int ENVELOPE = 8192;

    private final Channels channels;
    private final InstantSource clock;
    private final LimitProperties limits;
    private final RateLimits rates;
    private final CommandReader reader;
    private final Access access;
    private final Timers timers;

    ChannelSessions(
            Channels channels,
            InstantSource clock,
            LimitProperties limits,
            RateLimits rates,
            Access access,
            Timers timers) {
        this.access = access;
        this.timers = timers;
        this.channels = channels;
        this.clock = clock;
        this.limits = limits;
        this.rates = rates;
        this.reader = new CommandReader(Math.toIntExact(limits.messageSize().toBytes()));
    }

    /** A session that is opened with a welcome and waits for commands. */
    public ChannelSession withCommands(Transport transport, EventFormat format) {
        return new ChannelSession(this, transport, format, null);
    }

    /** A session without commands that subscribes to one channel when it is opened. */
    public ChannelSession subscribing(
            Transport transport, EventFormat format, String channel, From from, Subscription.Mode mode) {
        return new ChannelSession(this, transport, format, new Command.Subscribe(null, channel, from, mode));
    }

    /** Bytes of the longest command. */
    public int maxCommand() {
        return Math.toIntExact(limits.messageSize().toBytes()) + ENVELOPE;
    }

    Channels channels() {
        return channels;
    }

    InstantSource clock() {
        return clock;
    }

    CommandReader reader() {
        return reader;
    }

    RateLimits rates() {
        return rates;
    }

    Access access() {
        return access;
    }

    Timers timers() {
        return timers;
    }

    int maxSubscriptions() {
        return limits.subscriptions();
    }
}
