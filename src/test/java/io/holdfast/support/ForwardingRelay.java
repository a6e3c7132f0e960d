package io.holdfast.support;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** Takes connections, and opens one to the service for each of them, from the same address. */
abstract class ForwardingRelay implements Closeable {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Map<Integer, ForwardingRelay> RELAYS = new ConcurrentHashMap<>();

    private final IntSupplier service;
    private final ServerSocket listening = new ServerSocket(0, 200, LOOPBACK);
    private final Map<Integer, CompletableFuture<Integer>> seenPorts = new ConcurrentHashMap<>();
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    /** @param service its port; known when the first client comes */
    ForwardingRelay(IntSupplier service) throws IOException {
        this.service = service;
        RELAYS.put(port(), this);
        Thread.ofVirtual().start(this::accept);
    }

    /** The port from which the service sees a client that is connected to {@code relay} from {@code client}; the same if it is none. */
    static int seenPort(int relay, int client) {
        ForwardingRelay known = RELAYS.get(relay);
        return known == null ? client : known.seenPort(client).join();
    }

    private CompletableFuture<Integer> seenPort(int client) {
        return seenPorts.computeIfAbsent(client, unknown -> new CompletableFuture<>());
    }

    /** A client's port may have been that of an earlier one. */
    private void sees(int client, int port) {
        if (!seenPort(client).complete(port)) {
            seenPorts.put(client, CompletableFuture.completedFuture(port));
        }
    }

    public final int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    private void serve(Socket client) {
        try {
            client.setTcpNoDelay(true);
            InetSocketAddress from = (InetSocketAddress) client.getRemoteSocketAddress();
            TestSocket server = TestSocket.connectFrom(from.getAddress().getHostAddress(), service.getAsInt());
            server.timeout(0);
            sees(from.getPort(), server.localPort());
            Closeable passage = pass(client, server);
            open.add(passage);
        } catch (IOException e) {
            close(client);
        }
    }

    /**
     * Begins to pass on what comes, on threads of its own, which close both sockets in the end.
     *
     * @return closes both at once
     */
    abstract Closeable pass(Socket client, TestSocket server) throws IOException;

    static void close(Closeable closed) {
        try {
            closed.close();
        } catch (IOException e) {
            // It is gone.
        }
    }

    @Override
    public final void close() throws IOException {
        RELAYS.remove(port());
        listening.close();
        open.forEach(ForwardingRelay::close);
    }
}
