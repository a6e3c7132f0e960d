// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.channel.Encoding;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.UnavailableException;
import io.holdfast.delivery.Delivery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object an event: WebSocket and TCP lines.
 *
 * @param transport the name in the figures of subscribers
 * @param payload a message as its bytes are counted
 * @param framed the same message as it is sent, shared by all connections of the transport
 * @param answersPings whether the pings of the channel protocol are answered
 */
public record JsonEvents(String transport, Encoding payload, Encoding framed, boolean answersPings)
        implements EventFormat {

    @Override
    public void subscribed(
            Delivery delivery, @Nullable JsonValue id, String channel, Position at, Position head, boolean resumed) {
        delivery.send(Events.subscribed(id, channel, head, resumed), 1);
    }

    @Override
    public void message(Delivery delivery, Message message) {
        delivery.offer(message.shared(framed), message.shared(payload).length());
    }

    @Override
    public void gap(Delivery delivery, String channel, Position head) {
        delivery.send(Events.gap(channel, head), 1);
    }

    @Override
    public void refused(Delivery delivery, @Nullable JsonValue id, UnavailableException cause) {
        delivery.send(Events.error(id, cause.code(), cause.sentence()), 1);
    }

    @Override
    public void expiring(Delivery delivery, Instant expires) {
        delivery.send(Events.expiring(expires), 1);
    }

    @Override
    public void denied(Delivery delivery, String channel) {
        delivery.send(Events.denied(channel), 1);
    }
}
