// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import org.jspecify.annotations.Nullable;

/**
 * What carries a connection to the service.
 *
 * @param protocol below the transport, as ALPN names it: {@code http/1.1}, {@code h2}; {@code tcp} if there is none
 * @param tls whether it is encrypted up to here
 * @param session of HTTP/2, which carries several connections on one socket; null if the connection has a socket of its own
 */
public record Carrier(
        String protocol, boolean tls, @Nullable String session) {

    /** A plain socket. */
    public static final Carrier TCP = new Carrier("tcp", false, null);

    /** A socket with TLS. */
    public static final Carrier TLS = new Carrier("tcp", true, null);
}
