package io.holdfast.connection;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection that asks to be admitted.
 *
 * @param kind what it is for, as {@code echo}
 * @param remote the peer; null if the transport does not know it
 * @param label the name that the client gave it; null for none
 */
public record ConnectionRequest(
        Transport transport,
        String kind,
        @Nullable InetSocketAddress remote,
        @Nullable String label) {}
