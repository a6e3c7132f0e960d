package io.holdfast.session;

import io.holdfast.channel.Channels;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.Transport;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Opens a session for each connection that speaks the channel protocol. */
@Component
public final class ChannelSessions {

    /** What a command may have beside its data: names, id and punctuation, were every character escaped. */
    private static final int ENVELOPE = 4096;

    private final Channels channels;
    private final InstantSource clock;
    private final LimitProperties limits;
    private final CommandReader reader;

    ChannelSessions(Channels channels, InstantSource clock, LimitProperties limits) {
        this.channels = channels;
        this.clock = clock;
        this.limits = limits;
        this.reader = new CommandReader(Math.toIntExact(limits.messageSize().toBytes()));
    }

    public ChannelSession open(Transport transport, Outlet outlet) {
        return new ChannelSession(channels, reader, limits.subscriptions(), clock, transport, outlet);
    }

    /** Bytes of the longest command. */
    public int maxCommand() {
        return Math.toIntExact(limits.messageSize().toBytes()) + ENVELOPE;
    }
}
