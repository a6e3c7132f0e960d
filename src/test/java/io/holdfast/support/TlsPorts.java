package io.holdfast.support;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.event.EventListener;

/** The ports to which each {@link TestSocket} speaks TLS: so a test that knows nothing of TLS shows what holds over it. */
@TestComponent
class TlsPorts implements DisposableBean {

    private static final Map<Integer, SSLContext> CLIENTS = new ConcurrentHashMap<>();

    private final Ports ports;
    private Collection<Integer> added = List.of();

    /** Those of the application under test. */
    TlsPorts(@Qualifier("io.holdfast.support.Ports") Ports ports) {
        this.ports = ports;
    }

    @EventListener(ApplicationReadyEvent.class)
    void add() {
        added = ports.all();
        add(added, TestBundle.client());
    }

    @Override
    public void destroy() {
        remove(added);
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
