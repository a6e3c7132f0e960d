// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.util.Locale;

/** What is limited in how often it may happen. */
public enum RateLimit {
    /** New connections of one address. */
    HANDSHAKES,
    /** Commands of one connection. */
    COMMANDS,
    /** Messages that one address publishes. */
    PUBLISHES;

    /** The property that sets it. */
    String property() {
        return "holdfast.limits." + tag() + ".per-second";
    }

    /** The value of the metric tag {@code limit}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
