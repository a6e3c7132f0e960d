// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.util.Locale;

/** Why a connection is not admitted. */
public enum Limit {
    CONNECTIONS("holdfast.limits.connections", false),
    HTTP("holdfast.limits.http", false),
    WEBSOCKET("holdfast.limits.websocket", false),
    TCP("holdfast.limits.tcp", false),
    PER_ADDRESS("holdfast.limits.per-address", true),
    /** More new connections a second than one address may open. */
    HANDSHAKES(RateLimit.HANDSHAKES.property(), true),
    /** Not of the settings: file descriptors of the process. */
    DESCRIPTORS("file descriptors", false),
    /** Not a number: the service is stopping. */
    DRAINING("draining", false);

    private final String property;
    private final boolean ofThePeer;

    Limit(String property, boolean ofThePeer) {
        this.property = property;
        this.ofThePeer = ofThePeer;
    }

    /** The property that sets it. */
    public String property() {
        return property;
    }

    /** Whether the peer has used up its own share (429). Otherwise the service has none left (503). */
    public boolean isOfThePeer() {
        return ofThePeer;
    }

    /** The value of the metric tag {@code reason}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Limit of(Transport transport) {
        return switch (transport) {
            case HTTP -> HTTP;
            case WEBSOCKET -> WEBSOCKET;
            case TCP -> TCP;
        };
    }
}
