// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Tokens of a service that has {@link #SECRET}. */
public final class TestTokens {

    public static final String SECRET = "a-secret-that-is-long-enough-for-hs256";

    private TestTokens() {}

    /** For an hour, to subscribe to and publish to what a pattern matches. */
    public static String of(String subject, String pattern) {
        List<ChannelPattern> patterns = List.of(ChannelPattern.of("pattern", pattern));
        return sign(subject, new Permissions(patterns, patterns, Set.of()));
    }

    /** For an hour, with the role operator and no channels. */
    public static String operator(String subject) {
        return sign(subject, new Permissions(List.of(), List.of(), Set.of(Role.OPERATOR)));
    }

    /** The owner of a token that allows nothing. */
    public static Principal principal(String subject) {
        return Principal.ofToken(subject, Permissions.NONE, null, null);
    }

    private static String sign(String subject, Permissions permissions) {
        return Objects.requireNonNull(TokenSecret.of(SECRET))
                .sign(subject, permissions, "holdfast", Duration.ofHours(1), null, InstantSource.system());
    }
}
