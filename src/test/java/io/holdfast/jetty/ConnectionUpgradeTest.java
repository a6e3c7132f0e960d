// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Transport;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.ConnectionFigures.Open;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** A socket that ends between admission and opening: nothing may be left of it. */
@HoldfastTest
@Import(ConnectionUpgradeTest.Cuts.class)
@ExtendWith(NothingLeft.class)
class ConnectionUpgradeTest {

    private static final int ROUNDS = 500;

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    /** When the socket under a request is closed. */
    enum Cut {
        BEFORE_THE_HEAD,
        AFTER_THE_HEAD,
        AT_THE_UPGRADE,
        /** So long before it that the HTTP connection was told. */
        SHORTLY_BEFORE_THE_UPGRADE
    }

    /** Closes the socket under a request that says when. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Cuts {

        @Bean
        Filter cuts() {
            return (request, response, chain) -> {
                chain.doFilter(request, response);
                ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
                String when = jetty.getHeaders().get("X-Cut");
                if (when != null) {
                    cut(Cut.valueOf(when), jetty, response);
                }
            };
        }

        private static void cut(Cut when, ServletContextRequest request, ServletResponse response) throws IOException {
            EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
            switch (when) {
                case BEFORE_THE_HEAD -> endPoint.close();
                case AFTER_THE_HEAD -> {
                    response.flushBuffer();
                    endPoint.close();
                }
                case AT_THE_UPGRADE ->
                    beforeUpgrade(request, upgrade -> {
                        endPoint.close();
                        upgrade.run();
                    });
                case SHORTLY_BEFORE_THE_UPGRADE ->
                    beforeUpgrade(request, upgrade -> {
                        // Not on the event loop, which is to tell the connection.
                        Thread.startVirtualThread(() -> {
                            closeAndAwait(endPoint);
                            upgrade.run();
                        });
                    });
            }
        }

        private static void beforeUpgrade(ServletContextRequest request, Consumer<Runnable> action) {
            request.addHttpStreamWrapper(stream -> new HttpStream.Wrapper(stream) {
                @Override
                public void succeeded() {
                    action.accept(super::succeeded);
                }
            });
        }

        private static void closeAndAwait(EndPoint endPoint) {
            AtomicBoolean told = new AtomicBoolean();
            endPoint.getConnection().addEventListener(new org.eclipse.jetty.io.Connection.Listener() {
                @Override
                public void onClosed(org.eclipse.jetty.io.Connection connection) {
                    told.set(true);
                }
            });
            endPoint.close();
            await().untilTrue(told);
        }
    }

    @ParameterizedTest
    @EnumSource
    void webSocketWhoseSocketClosesBeforeItStandsLeavesNothing(Cut cut) throws IOException {
        assertLeavesNothing(Transport.WEBSOCKET, "/echo", cut);
        assertLeavesNothing(Transport.WEBSOCKET, "/tcp", cut);
    }

    @ParameterizedTest
    @EnumSource
    void streamWhoseSocketClosesBeforeItStandsLeavesNothing(Cut cut) throws IOException {
        assertLeavesNothing(Transport.HTTP, "/stream", cut);
    }

    private void assertLeavesNothing(Transport transport, String path, Cut cut) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(request(transport, path).replaceFirst("\r\n", "\r\nX-Cut: " + cut + "\r\n"));
            wire.readToEnd();
        }

        awaitNothingLeft();
    }

    private void awaitNothingLeft() {
        await().untilAsserted(() -> {
            assertThat(figures.open()).isEqualTo(Open.all(0));
            for (Transport transport : Transport.values()) {
                assertThat(figures.opened(transport)).isEqualTo(figures.closed(transport));
            }
        });
    }

    @Test
    void clientsThatResetInTheMiddleOfTheirHandshakeLeaveNothing() throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < ROUNDS; i++) {
                Transport transport = i % 2 == 0 ? Transport.WEBSOCKET : Transport.HTTP;
                boolean hasRead = i % 3 == 0;
                clients.submit(() -> {
                    try (TestSocket wire = TestSocket.connect(ports.http()).resetOnClose()) {
                        wire.send(request(transport, transport == Transport.HTTP ? "/stream" : "/echo"));
                        return hasRead ? wire.read() : 0;
                    }
                });
            }
        }

        awaitNothingLeft();
    }

    private static String request(Transport transport, String path) {
        return transport == Transport.WEBSOCKET
                ? RawWebSocket.handshake(path)
                : "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    }
}
