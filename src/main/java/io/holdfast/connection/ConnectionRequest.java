// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.access.Principal;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection that asks to be admitted.
 *
 * @param kind what it is for, as {@code echo}
 * @param remote the peer; null if the transport does not know it
 * @param label the name that the client gave it; null for none
 * @param carrier what it comes on
 * @param principal who the client is; {@link Principal#NOBODY} if that makes no difference
 */
public record ConnectionRequest(
        Transport transport,
        String kind,
        @Nullable InetSocketAddress remote,
        @Nullable String label,
        Carrier carrier,
        Principal principal) {

    /** On a plain socket. */
    public ConnectionRequest(
            Transport transport,
            String kind,
            @Nullable InetSocketAddress remote,
            @Nullable String label,
            Principal principal) {
        this(transport, kind, remote, label, Carrier.TCP, principal);
    }
}
