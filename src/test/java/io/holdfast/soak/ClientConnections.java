// SPDX-License-Identifier: Apache-2.0
package io.holdfast.soak;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Listener;
import io.holdfast.probe.client.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Connections that have to stay open until the client is closed. Opened by one thread; their events come on others. */
final class ClientConnections {

    /** As many are opened at the same time: more may overflow the backlog of a listener. */
    private static final int AT_ONCE = 100;

    private static final long PATIENCE_SECONDS = 60;

    private final Client client;
    private final Semaphore opening = new Semaphore(AT_ONCE);
    private final Collection<String> ended = new ConcurrentLinkedQueue<>();

    /** What is opened: an address, and what is sent first, if anything. */
    record Kind(Target target, @Nullable String hello) {}

    ClientConnections(Client client) {
        this.client = client;
    }

    /**
     * Opens {@code count} connections, of each kind in turn, and returns when all are open or have failed.
     *
     * @param message takes each message that one of them receives
     */
    void open(List<Kind> kinds, int count, BiConsumer<ClientConnection, ByteBuf> message)
            throws InterruptedException, TimeoutException {
        for (int i = 0; i < count; i++) {
            acquire(1);
            Kind kind = kinds.get(i % kinds.size());
            client.open(kind.target(), new Member(kind, message));
        }
        acquire(AT_ONCE);
        opening.release(AT_ONCE);
    }

    private void acquire(int permits) throws InterruptedException, TimeoutException {
        if (!opening.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("connections do not open");
        }
    }

    /** How those ended that did. */
    List<String> ended() {
        return new ArrayList<>(ended);
    }

    private final class Member implements Listener {

        private final Kind kind;
        private final BiConsumer<ClientConnection, ByteBuf> message;
        private boolean opened;

        Member(Kind kind, BiConsumer<ClientConnection, ByteBuf> message) {
            this.kind = kind;
            this.message = message;
        }

        @Override
        public void opened(ClientConnection connection) {
            opened = true;
            opening.release();
            if (kind.hello() != null) {
                connection.send(ByteBufUtil.writeUtf8(ByteBufAllocator.DEFAULT, kind.hello()));
            }
        }

        @Override
        public void message(ClientConnection connection, ByteBuf data) {
            message.accept(connection, data);
        }

        @Override
        public void ended(ClientConnection connection, Ending ending) {
            ended.add(kind.target().where() + ": " + ending.text());
            if (!opened) {
                opening.release();
            }
        }
    }
}
