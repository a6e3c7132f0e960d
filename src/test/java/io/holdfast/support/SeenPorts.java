package io.holdfast.support;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** From which ports the service sees the clients that come through a relay. */
final class SeenPorts implements AutoCloseable {

    private static final Map<Integer, SeenPorts> RELAYS = new ConcurrentHashMap<>();

    private final int relay;
    private final Map<Integer, CompletableFuture<Integer>> ports = new ConcurrentHashMap<>();

    /** @param relay the port that it listens on */
    SeenPorts(int relay) {
        this.relay = relay;
        RELAYS.put(relay, this);
    }

    /** A client of the relay has a connection to the service, from {@code seen}. */
    void add(int client, int seen) {
        future(client).complete(seen);
    }

    /** The port from which the service sees a client that is connected to {@code relay} from {@code client}; the same if it is none. */
    static int of(int relay, int client) {
        SeenPorts known = RELAYS.get(relay);
        return known == null ? client : known.future(client).join();
    }

    private CompletableFuture<Integer> future(int client) {
        return ports.computeIfAbsent(client, unknown -> new CompletableFuture<>());
    }

    @Override
    public void close() {
        RELAYS.remove(relay);
    }
}
