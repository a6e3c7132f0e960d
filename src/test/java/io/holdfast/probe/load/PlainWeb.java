// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.probe.client.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** The JDK's web server, which answers a POST with its body. */
final class PlainWeb implements AutoCloseable {

    private final HttpServer server =
            HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final boolean keepsAlive;
    private volatile long stalledUntil = System.nanoTime();

    PlainWeb(boolean keepsAlive) throws IOException {
        this.keepsAlive = keepsAlive;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    Target.HttpPost target() {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return new Target.HttpPost(url, "text/plain");
    }

    /** Does not answer for {@code time} from now on. */
    void stall(Duration time) {
        stalledUntil = System.nanoTime() + time.toNanos();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        for (long left = stalledUntil - System.nanoTime(); left > 0; left = stalledUntil - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        if (!keepsAlive) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
