package io.holdfast.channel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is about to be published.
 *
 * @param event its name, if it has one
 * @param key makes a repeat of the same publish answer the first one's position, if given
 */
public record Draft(@Nullable String event, @Nullable String key, Json data, Instant time) {}
