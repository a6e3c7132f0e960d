// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** One subscriber. Confined to its event loop, except for methods that are marked as safe from any thread. */
final class LoadSubscriber implements Listener, Stamp.Found {

    private final Fan fan;
    private final Greeter greeter;
    private final Stamp stamp = new Stamp();
    private final BitSet seen = new BitSet();
    private volatile boolean subscribed;

    /** @param hello sent first; null for nothing */
    LoadSubscriber(Fan fan, @Nullable String hello) {
        this.fan = fan;
        this.greeter = new Greeter(hello);
    }

    /** Whether it has received any published message. Safe from any thread. */
    boolean isSubscribed() {
        return subscribed;
    }

    @Override
    public void opened(ClientConnection connection) {
        greeter.opened(connection);
    }

    @Override
    public void message(ClientConnection connection, ByteBuf data) {
        stamp.find(data, this);
    }

    @Override
    public void stamp(int source, int number, long moment) {
        if (!fan.isOurs(source)) {
            return;
        }
        subscribed = true;
        boolean repeated;
        synchronized (seen) {
            repeated = seen.get(number);
            seen.set(number);
        }
        fan.delivered(moment, repeated);
    }

    /** How many of the published messages it has received. Safe from any thread. */
    int countOf(BitSet published) {
        synchronized (seen) {
            BitSet both = (BitSet) published.clone();
            both.and(seen);
            return both.cardinality();
        }
    }
}
