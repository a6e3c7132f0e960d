package io.holdfast.channel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that is about to be published.
 *
 * @param event its name; null for none
 * @param key if a draft with the same key was published already, that one's position is the answer; null for none
 */
public record Draft(@Nullable String event, @Nullable String key, JsonValue data, Instant time) {}
