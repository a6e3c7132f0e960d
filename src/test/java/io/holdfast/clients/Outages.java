// SPDX-License-Identifier: Apache-2.0
package io.holdfast.clients;

import io.holdfast.support.Relay;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a service that a test closes, opens, cuts and makes silent. */
final class Outages implements Closeable {

    private final Relay relay;
    private volatile boolean isDown;

    /** Connections of before the last silence are silent for ever. */
    private final AtomicInteger silences = new AtomicInteger();

    Outages(int service) throws IOException {
        relay = new Relay(service, passage -> new ConnectionFilter(silences.get()));
    }

    int port() {
        return relay.port();
    }

    /** Closes all connections, and each new one, until it is {@linkplain #up up} again. */
    void down() {
        isDown = true;
        relay.cut();
    }

    void up() {
        isDown = false;
    }

    /** Closes the connections that there are. */
    void cut() {
        relay.cut();
    }

    /** Nothing comes any more on the connections that there are, and nobody is told. */
    void silence() {
        silences.incrementAndGet();
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }

    private final class ConnectionFilter implements Relay.Filter {

        private final int opened;

        ConnectionFilter(int opened) {
            this.opened = opened;
        }

        @Override
        public boolean request(String sent) throws IOException {
            if (isDown) {
                throw new IOException("It is down.");
            }
            return true;
        }

        @Override
        public boolean answer(byte[] bytes, int length) {
            return opened == silences.get();
        }
    }
}
