// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.access.Access;
import io.holdfast.access.Locality;
import io.holdfast.access.Principal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Who the peer of a new connection is: the client of a bridge, or whoever connects from outside. A bridge connects from this
 * machine, on behalf of a client that may be anywhere. Safe from any thread.
 */
@Component
final class TcpPrincipals {

    private final Access access;

    /** The bridges that were not accepted yet, by the address from which they connect. */
    private final Map<SocketAddress, Bridge> bridges = new ConcurrentHashMap<>();

    /**
     * A connection that a bridge makes.
     *
     * @param label the id of the connection of its client
     */
    record Bridge(Principal client, String label, ChannelPromise accepted) {}

    TcpPrincipals(Access access) {
        this.access = access;
    }

    /** The peer of a connection from outside. */
    Principal of(@Nullable InetSocketAddress remote) {
        return access.withoutToken(isLoopback(remote) ? Locality.LOCAL : Locality.OTHER_ADDRESS);
    }

    /**
     * The client of a proxy that is trusted. It is local only if the proxy is, too, and says so.
     *
     * @param client null if the proxy does not name it
     */
    Principal behindProxy(InetSocketAddress proxy, @Nullable InetSocketAddress client) {
        if (client != null && !isLoopback(client)) {
            return access.withoutToken(Locality.OTHER_ADDRESS);
        }
        return access.withoutToken(client != null && isLoopback(proxy) ? Locality.LOCAL : Locality.PROXY);
    }

    private static boolean isLoopback(@Nullable InetSocketAddress address) {
        return address != null
                && address.getAddress() != null
                && address.getAddress().isLoopbackAddress();
    }

    /** The owner of the client's certificate; null if it has none, or none that has a name here. */
    @Nullable
    Principal withCertificate(SSLSession session) {
        return access.knowsCertificates() ? access.withCertificate(session) : null;
    }

    /** The bridge that has this connection; null if it is no bridge's. */
    @Nullable
    Bridge ofBridge(SocketChannel accepted) {
        Bridge bridge =
                bridges.isEmpty() || accepted.remoteAddress() == null ? null : bridges.remove(accepted.remoteAddress());
        if (bridge == null) {
            return null;
        }
        bridge.accepted().trySuccess();
        return bridge;
    }

    /**
     * A bridge will connect.
     *
     * @param bridge bound to the address from which it connects
     * @param label the id of the connection of its client
     * @param accepted done when the connection has its principal: before, what the bridge sends could count as a local
     *     client's
     */
    void expect(Channel bridge, Principal client, String label, ChannelPromise accepted) {
        SocketAddress from = bridge.localAddress();
        bridges.put(from, new Bridge(client, label, accepted));
        bridge.closeFuture().addListener(closed -> bridges.remove(from));
    }
}
