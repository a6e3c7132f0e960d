// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An identity provider: a server with its keys, and the tokens that it issues. */
final class TestIssuer implements AutoCloseable {

    static final String KEYS = "/keys";

    private final Map<String, String> documents = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);

    private final int port;
    private @Nullable HttpServer server;
    private volatile boolean hangs;
    private volatile boolean drips;

    TestIssuer() throws IOException {
        this.port = start(0);
    }

    private int start(int wanted) throws IOException {
        HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), wanted), 0);
        started.setExecutor(threads);
        started.createContext("/", this::answer);
        started.start();
        server = started;
        return started.getAddress().getPort();
    }

    void start() throws IOException {
        start(port);
    }

    /** Its port refuses connections from now on. */
    void stop() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    /** Accepts requests from now on, and answers none. */
    void hang() {
        hangs = true;
    }

    /** Begins each answer from now on, and never ends it. */
    void drip() {
        drips = true;
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            if (hangs) {
                end.await();
            }
            String document = documents.get(exchange.getRequestURI().getPath());
            if (document == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            while (drips && !end.await(50, TimeUnit.MILLISECONDS)) {
                body.write(' ');
                body.flush();
            }
            body.write(document.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            broken.incrementAndGet();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void publish(JWK... keys) {
        documents.put(KEYS, new JWKSet(List.of(keys)).toString(true));
    }

    void publish(String path, String document) {
        documents.put(path, document);
    }

    /** How many requests came. */
    int requests() {
        return requests.get();
    }

    /** How many answers a client did not wait for. */
    int broken() {
        return broken.get();
    }

    String address(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** A token that is valid for an hour. */
    static String token(JWK key, JWSAlgorithm algorithm, Consumer<JWTClaimsSet.Builder> claims) {
        return token(key, new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).type(JOSEObjectType.JWT), claims);
    }

    static String token(JWK key, JWSHeader.Builder header, Consumer<JWTClaimsSet.Builder> claims) {
        JWTClaimsSet.Builder set = new JWTClaimsSet.Builder()
                .subject("alice")
                .expirationTime(Date.from(Instant.now().plusSeconds(3600)));
        claims.accept(set);
        SignedJWT token = new SignedJWT(header.build(), set.build());
        try {
            token.sign(new DefaultJWSSignerFactory()
                    .createJWSSigner(key, token.getHeader().getAlgorithm()));
        } catch (JOSEException e) {
            throw new IllegalArgumentException(e);
        }
        return token.serialize();
    }

    @Override
    public void close() {
        end.countDown();
        stop();
        threads.close();
    }
}
