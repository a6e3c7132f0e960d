// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.SmartLifecycle;

/** The ports to which each {@link TestSocket} speaks TLS: so a test that knows nothing of TLS shows what holds over it. */
@TestComponent
class TlsPorts implements SmartLifecycle {

    private static final Map<Integer, SSLContext> CLIENTS = new ConcurrentHashMap<>();

    private final Ports ports;
    private Collection<Integer> added = List.of();

    /** Those of the application under test. */
    TlsPorts(@Qualifier("io.holdfast.support.Ports") Ports ports) {
        this.ports = ports;
    }

    /** After everything else. An application that other tests have used is stopped and started again, with other ports. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void start() {
        added = ports.all();
        add(added, TestBundle.client());
    }

    @Override
    public void stop() {
        remove(added);
        added = List.of();
    }

    @Override
    public boolean isRunning() {
        return !added.isEmpty();
    }

    static void add(Collection<Integer> ports, SSLContext client) {
        ports.forEach(port -> CLIENTS.put(port, client));
    }

    /** Whoever has one of these ports next may speak without TLS. */
    static void remove(Collection<Integer> ports) {
        ports.forEach(CLIENTS::remove);
    }

    /** What to speak TLS with to a port; null if it is without. */
    static @Nullable SSLContext client(int port) {
        return CLIENTS.get(port);
    }
}
