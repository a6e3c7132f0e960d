// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A client that begins TLS on a port of plain HTTP. */
@HoldfastTest
class TlsOnPlainPortTest {

    private static final String BEGINNING_OF_A_HELLO = "1603010200010001fc0303";

    @Autowired
    Ports ports;

    @Autowired
    MeterRegistry meters;

    private long refused() {
        return (long) meters.get("holdfast.tls.refused")
                .tags("transport", "http", "reason", "tls-on-plain")
                .functionCounter()
                .count();
    }

    /** In plain HTTP, as by other servers: clients recognize it. */
    @Test
    void isAnsweredAndCounted() throws IOException {
        long before = refused();
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(HexFormat.of().parseHex(BEGINNING_OF_A_HELLO));

            assertThat(PlainRequest.read(wire).status()).isEqualTo(400);
        }
        await().untilAsserted(() -> assertThat(refused()).isEqualTo(before + 1));
    }
}
