package io.holdfast.session;

import io.holdfast.channel.From;
import io.holdfast.channel.Json;
import io.holdfast.channel.Subscription;
import org.jspecify.annotations.Nullable;

/** What a client wants. The {@code id} is JSON that its answer carries too. */
sealed interface Command {

    record Subscribe(@Nullable Json id, String channel, From from, Subscription.Mode mode) implements Command {}

    record Unsubscribe(@Nullable Json id, String channel) implements Command {}

    record Publish(
            @Nullable Json id,
            String channel,
            @Nullable String event,
            @Nullable String key,
            Json data) implements Command {}

    record Ping(@Nullable Json id) implements Command {}

    /** The answer to our own ping. */
    record Pong() implements Command {}

    /** One that can't be carried out. */
    record Bad(@Nullable Json id, String code, String message) implements Command {}
}
