// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer is, and what it may do. Connections of one principal share an instance.
 *
 * @param name the token's subject, or the name of the API key or certificate in the settings
 * @param expires when it is nobody any more; null for never
 * @param tokenId the token's {@code jti}; null for none
 * @param remark what a peer without a token has to know when it is refused; null for nothing
 */
public record Principal(
        String name,
        Kind kind,
        Permissions permissions,
        @Nullable Instant expires,
        @Nullable String tokenId,
        @Nullable String remark)
        implements java.security.Principal {

    /** The peer of a connection that needs no permission: it is not asked who it is. */
    public static final Principal NOBODY = of("anonymous", Kind.ANONYMOUS, Permissions.NONE);

    /** By what it is known. */
    public enum Kind {
        TOKEN,
        KEY,
        CERTIFICATE,
        /** It is on the same machine, and needs nothing. */
        LOCAL,
        ANONYMOUS;

        public String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Principal of(String name, Kind kind, Permissions permissions) {
        return new Principal(name, kind, permissions, null, null, null);
    }

    static Principal ofToken(
            String name, Permissions permissions, @Nullable Instant expires, @Nullable String tokenId) {
        return new Principal(name, Kind.TOKEN, permissions, expires, tokenId, null);
    }

    /** Whether it may do something with a channel. */
    public boolean may(Action action, String channel) {
        return permissions.allow(action, channel, name);
    }

    /** Whether it may do something with the service. */
    public boolean may(Action action) {
        return permissions.allow(action, "", name);
    }

    @Override
    public String getName() {
        return name;
    }

    /** Whether it has shown who it is. */
    public boolean isAuthenticated() {
        return kind != Kind.LOCAL && kind != Kind.ANONYMOUS;
    }
}
