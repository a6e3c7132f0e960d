package io.holdfast.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer is, and what it may do.
 *
 * @param name the token's subject
 * @param expires when it is nobody any more; null for never
 * @param tokenId the token's {@code jti}; null for none
 */
public record Principal(
        String name,
        Permissions permissions,
        @Nullable Instant expires,
        @Nullable String tokenId) {

    /** Whether it may do something with a channel. */
    public boolean may(Action action, String channel) {
        return permissions.allow(action, channel, name);
    }

    /** Whether it may do something with the service. */
    public boolean may(Action action) {
        return permissions.allow(action, "", name);
    }
}
