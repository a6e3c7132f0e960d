// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.util.Locale;

/** The ways a connection reaches the service. */
public enum Transport {
    HTTP,
    WEBSOCKET,
    TCP;

    /** The value of the metric tag {@code transport}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
