// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static io.holdfast.support.Waiting.await;

import io.holdfast.support.Peer;
import io.holdfast.support.Peer.Farewell;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpStreamContractTest extends TransportContract {

    @Override
    Transport transport() {
        return Transport.HTTP;
    }

    @Override
    String kind() {
        return "stream";
    }

    @Override
    Farewell farewell(CloseReason reason) {
        return switch (reason) {
            // No goodbye is sent to a dead peer.
            case NO_PONG -> new Farewell("", false, false);
            case DRAINING, KICKED, EXPIRED, REVOKED -> new Farewell(reason.tag(), true, reason.retry());
            default -> new Farewell("", true, false);
        };
    }

    /** A response that is complete leaves its connection to the next request. */
    @Override
    Farewell awaitEnd(Peer ends, CloseReason reason) throws IOException {
        return reason == CloseReason.COMPLETED || reason == CloseReason.FAULT
                ? ends.awaitEndAndReuse()
                : ends.awaitEnd();
    }

    @Override
    void assertRefused(String address, Limit limit, int value) throws IOException {
        try (TestSocket wire = TestSocket.connectFrom(address, ports.http())) {
            wire.send("GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

            RefusalAssertions.assertTold(wire, "/stream", limit, value);
        }
    }

    @Test
    void clientThatIsGoneIsFoundEvenIfItsNextRequestWaitsUnread() throws IOException {
        try (Peer peer = Peer.open(Transport.HTTP, ports)) {
            peer.carry();
            peer.wire().send("GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        }

        await().atMost(Duration.ofSeconds(7)).until(() -> connections.permits() == 0);
    }
}
