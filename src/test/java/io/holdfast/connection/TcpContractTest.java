// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Peer;
import io.holdfast.support.Peer.Farewell;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TcpContractTest extends TransportContract {

    @Override
    Transport transport() {
        return Transport.TCP;
    }

    @Override
    String kind() {
        return "echo";
    }

    /** Raw TCP has no goodbye: every ending is a FIN of the service. */
    @Override
    Farewell farewell(CloseReason reason) {
        return new Farewell("", true, false);
    }

    /** Before a handshake of TLS. */
    @Override
    void assertRefused(String address, Limit limit, int value) throws IOException {
        try (TestSocket wire = TestSocket.connectWithoutTls(address, ports.tcpEcho())) {
            assertThat(wire.read()).isEqualTo(-1);
        }
    }

    @Test
    void halfClosedPeerStillGetsAllItIsOwedAndThenOurFin() throws IOException {
        try (Peer peer = connect("127.0.0.1")) {
            peer.wire().send("all of this").sendFin();

            assertThat(new String(peer.wire().readToEnd(), StandardCharsets.UTF_8))
                    .isEqualTo("all of this");
        }
    }
}
