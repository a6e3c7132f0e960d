package io.holdfast.tcp;

import org.jspecify.annotations.Nullable;

/**
 * What the connections of one listener have.
 *
 * @param tls null for none
 * @param proxied whether each begins with a header of the PROXY protocol
 */
record ListenerSettings(
        TcpProperties.Protocol protocol,
        ListenerFault fault,
        @Nullable ListenerTls tls,
        boolean proxied) {

    /** Whether something comes before the protocol. */
    boolean hasPreamble() {
        return proxied || tls != null;
    }
}
