// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that is about to be published.
 *
 * @param event its name; null for none
 * @param key if a draft with the same key was published already, that one's position is the answer; null for none
 * @param trace its place in a trace; null for none
 */
public record Draft(
        @Nullable String event,
        @Nullable String key,
        JsonValue data,
        Instant time,
        @Nullable TraceContext trace) {

    /** One that belongs to no trace. */
    public Draft(@Nullable String event, @Nullable String key, JsonValue data, Instant time) {
        this(event, key, data, time, null);
    }

    /** The same in another place of a trace. */
    Draft in(TraceContext place) {
        return new Draft(event, key, data, time, place);
    }
}
