// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.connection.Carrier;
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

    /** What its connections come on. With TLS as an option, that is not known when they are admitted. */
    Carrier carrier() {
        return tls != null && !tls.isOptional() ? Carrier.TLS : Carrier.TCP;
    }

    /** Whether something comes before the protocol. */
    boolean hasPreamble() {
        return proxied || tls != null;
    }
}
