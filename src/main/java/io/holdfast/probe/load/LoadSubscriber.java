package io.holdfast.probe.load;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** One who listens. Confined to its event loop, but for what says that it is safe from any thread. */
final class LoadSubscriber implements Listener, Stamp.Found {

    private final Fan fan;
    private final Greeter greeter;
    private final Stamp stamp = new Stamp();
    private final BitSet seen = new BitSet();
    private volatile boolean subscribed;

    /** @param hello is said first; null if nothing needs to be */
    LoadSubscriber(Fan fan, @Nullable String hello) {
        this.fan = fan;
        this.greeter = new Greeter(hello);
    }

    /** Safe from any thread: whether anything that was published has come. */
    boolean isSubscribed() {
        return subscribed;
    }

    @Override
    public void opened(ClientConnection conversation) {
        greeter.opened(conversation);
    }

    @Override
    public void message(ClientConnection conversation, ByteBuf data) {
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

    /** Safe from any thread: how many of those published it has. */
    int countOf(BitSet published) {
        synchronized (seen) {
            BitSet both = (BitSet) published.clone();
            both.and(seen);
            return both.cardinality();
        }
    }
}
