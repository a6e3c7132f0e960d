// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Connections;
import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Waits after each test until none of the connections that it opened, WebSocket or TCP, is left; for less than the 5
 * seconds after which the server gives up on a peer, so that giving up is not taken for noticing.
 */
public final class NothingLeftOpen implements BeforeEachCallback, AfterEachCallback {

    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private long webSockets;
    private long tcpConnections;

    @Override
    public void beforeEach(ExtensionContext context) {
        webSockets = open(context, Transport.WEBSOCKET);
        tcpConnections = open(context, Transport.TCP);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        await().atMost(DEADLINE).untilAsserted(() -> {
            assertThat(open(context, Transport.WEBSOCKET))
                    .as(() -> "WebSockets " + list(context, Transport.WEBSOCKET))
                    .isLessThanOrEqualTo(webSockets);
            assertThat(open(context, Transport.TCP))
                    .as(() -> "TCP connections " + list(context, Transport.TCP))
                    .isLessThanOrEqualTo(tcpConnections);
        });
    }

    private static long open(ExtensionContext context, Transport transport) {
        return SpringExtension.getApplicationContext(context)
                .getBean(Traffic.class)
                .of(transport)
                .open();
    }

    private static List<String> list(ExtensionContext context, Transport transport) {
        return SpringExtension.getApplicationContext(context).getBean(Connections.class).open(transport).stream()
                .map(open -> "%s %s, reason %s, %d ms old, %d bytes in, %d out"
                        .formatted(
                                open.kind(),
                                open.state(),
                                open.reason(),
                                open.ageNanos() / 1_000_000,
                                open.bytesIn(),
                                open.bytesOut()))
                .toList();
    }

    /** Waits until no WebSocket and no TCP connection is open. */
    public static void await(Traffic traffic, Duration deadline) {
        await().atMost(deadline).untilAsserted(() -> {
            assertThat(traffic.of(Transport.WEBSOCKET).open()).as("WebSockets").isZero();
            assertThat(traffic.of(Transport.TCP).open()).as("TCP connections").isZero();
        });
    }

    private static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(5));
    }
}
