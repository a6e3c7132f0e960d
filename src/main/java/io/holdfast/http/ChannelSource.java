package io.holdfast.http;

import io.holdfast.channel.Channels;
import io.holdfast.channel.From;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.Subscriber;
import io.holdfast.channel.Subscription;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Goodbye;
import io.holdfast.fault.Beat;
import io.holdfast.session.Events;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Fills a stream with a channel's messages. Safe from any thread. */
final class ChannelSource implements StreamSource, Subscriber {

    private final Channels channels;
    private final String channel;
    private final From from;
    private final Subscription.Mode mode;
    private final ChannelFormat format;
    private final Beat beat;

    private volatile @Nullable StreamConnection body;
    private volatile boolean waiting;

    // Guarded by this.
    private @Nullable Subscription subscription;
    private boolean stopped;

    ChannelSource(
            Channels channels, String channel, From from, Subscription.Mode mode, ChannelFormat format, Beat beat) {
        this.channels = channels;
        this.channel = channel;
        this.from = from;
        this.mode = mode;
        this.format = format;
        this.beat = beat;
    }

    @Override
    public void start(StreamConnection started) {
        body = started;
        synchronized (this) {
            if (!stopped) {
                subscription = channels.subscribe(channel, from, mode, this);
            }
        }
    }

    private StreamConnection body() {
        return Objects.requireNonNull(body);
    }

    @Override
    public void drained() {
        if (waiting) {
            waiting = false;
            synchronized (this) {
                if (subscription != null) {
                    subscription.ready();
                }
            }
        }
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        if (subscription != null) {
            subscription.close(() -> {});
            subscription = null;
        }
    }

    @Override
    public String sign() {
        return format.heartbeat(beat.kind());
    }

    @Override
    public String goodbye(CloseReason reason) {
        return reason.toldOnStreams() ? format.goodbye(Goodbye.of(reason)) : "";
    }

    @Override
    public String transport() {
        return format.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void subscribed(Position at, Position head, boolean resumed) {
        String welcome = Events.welcome(body().connection().id(), beat.interval());
        body().send(format.subscribed(welcome, channel, at, head, resumed), 0);
    }

    @Override
    public void message(Message message) {
        body().send(message, format.message(), format.chunk());
    }

    @Override
    public void gap(Position head) {
        body().send(format.gap(channel, head), 0);
    }

    @Override
    public void refused(UnavailableException cause) {
        body().connection().close(CloseReason.ERROR);
    }

    @Override
    public void flush() {
        body().flush();
    }

    @Override
    public boolean hasRoom() {
        if (body().hasRoom()) {
            return true;
        }
        waiting = true;
        return body().hasRoom();
    }

    @Override
    public boolean isCaughtUp() {
        if (body().isCaughtUp()) {
            return true;
        }
        waiting = true;
        return body().isCaughtUp();
    }
}
