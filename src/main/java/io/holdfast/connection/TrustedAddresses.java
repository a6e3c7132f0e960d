// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The addresses of the proxies that can name the address of a client, over every transport. Safe from any thread. */
@Component
public final class TrustedAddresses {

    private final List<AddressRange> trusted;

    TrustedAddresses(ProxyProperties properties) {
        this.trusted = properties.ranges();
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return trusted.isEmpty();
    }

    /** Whether {@code peer} is such a proxy. */
    public boolean contain(@Nullable InetSocketAddress peer) {
        return peer != null
                && peer.getAddress() != null
                && trusted.stream().anyMatch(range -> range.contains(peer.getAddress()));
    }
}
