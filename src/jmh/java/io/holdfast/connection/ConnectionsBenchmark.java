// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What one connection costs the registry. */
@State(Scope.Benchmark)
public class ConnectionsBenchmark {

    private final Connections connections = Registry.create();
    private final ConnectionRequest request = Registry.request();
    private final NoTransport transport = new NoTransport();

    /** Takes the permits and gives them back, as for a peer that is gone before its connection opens. */
    @Benchmark
    public boolean admit() {
        return Registry.admit(connections, request).closed(CloseReason.CLIENT);
    }

    /** The whole life of a connection in the registry: admitted, listed, off the list, permits given back. */
    @Benchmark
    public boolean admitAndOpen() {
        Connection connection = Registry.admit(connections, request);
        connection.open(transport);
        return connection.closed(CloseReason.CLIENT);
    }

    private static final class NoTransport implements TransportHandle {

        @Override
        public void close(CloseReason reason) {}

        @Override
        public void abort() {}

        @Override
        public long queuedBytes() {
            return 0;
        }
    }
}
