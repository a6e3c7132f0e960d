// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.CloseReason;
import io.holdfast.delivery.Delivery;
import io.holdfast.memory.SharedBytes;
import io.holdfast.session.EventFormat;
import io.holdfast.session.Events;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A channel's events in a stream. The welcome comes with the subscription, as a stream has only one. */
record StreamEvents(ChannelFormat format, boolean chunked) implements EventFormat {

    @Override
    public String transport() {
        return format.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void subscribed(
            Delivery delivery, @Nullable JsonValue id, String channel, Position at, Position head, boolean resumed) {
        String welcome = Events.welcome(delivery.connection().id(), delivery.heartbeatInterval());
        delivery.send(format.subscribed(welcome, channel, at, head, resumed), 0);
    }

    @Override
    public void message(Delivery delivery, Message message) {
        SharedBytes bytes = message.shared(chunked ? format.chunk() : format.message());
        delivery.offer(bytes, bytes.length());
    }

    @Override
    public void gap(Delivery delivery, String channel, Position head) {
        delivery.send(format.gap(channel, head), 0);
    }

    @Override
    public void expiring(Delivery delivery, Instant expires) {
        delivery.send(format.event("expiring", Events.expiring(expires)), 0);
    }

    /** Nothing more can come. */
    @Override
    public void denied(Delivery delivery, String channel) {
        delivery.send(format.event("unsubscribed", Events.denied(channel)), 0);
        delivery.connection().close(CloseReason.REVOKED);
    }

    /** A stream that has begun has no error: it ends, and its client reconnects. */
    @Override
    public void refused(Delivery delivery, @Nullable JsonValue id, UnavailableException cause) {
        delivery.connection().close(CloseReason.ERROR);
    }
}
