// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A server of another origin, with an empty page. */
final class OtherSite implements AutoCloseable {

    private static final byte[] PAGE =
            "<!doctype html><link rel=icon href=data:,><title>Elsewhere</title>".getBytes(StandardCharsets.US_ASCII);

    private final HttpServer server;

    OtherSite() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, PAGE.length);
            exchange.getResponseBody().write(PAGE);
            exchange.close();
        });
        server.start();
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The same server by the name of a site that is not on this machine. */
    String foreignUrl() {
        return "http://evil.example:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
