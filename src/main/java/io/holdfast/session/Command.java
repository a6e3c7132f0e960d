// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.channel.From;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Subscription;
import io.holdfast.channel.TraceContext;
import org.jspecify.annotations.Nullable;

/** A command of a client. Its answer carries its {@code id}, which is JSON. */
sealed interface Command {

    /** Null for none. */
    @Nullable
    JsonValue id();

    record Subscribe(@Nullable JsonValue id, String channel, From from, Subscription.Mode mode) implements Command {}

    record Unsubscribe(@Nullable JsonValue id, String channel) implements Command {}

    record Publish(
            @Nullable JsonValue id,
            String channel,
            @Nullable String event,
            @Nullable String key,
            JsonValue data,
            @Nullable TraceContext trace)
            implements Command {}

    /**
     * Shows who the client is.
     *
     * @param token never to be shown
     */
    record Authenticate(@Nullable JsonValue id, String token) implements Command {}

    record Ping(@Nullable JsonValue id) implements Command {}

    /** The answer to our own ping. */
    record Pong() implements Command {

        @Override
        public @Nullable JsonValue id() {
            return null;
        }
    }

    /** A command that cannot be carried out. */
    record Bad(@Nullable JsonValue id, String code, String message) implements Command {}
}
