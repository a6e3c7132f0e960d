// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.http.HttpWire.Head;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** CORS if pages of any origin are allowed, and those of one by its name. */
@HoldfastTest
@DirtiesContext
@TestPropertySource(
        properties = {
            "holdfast.websocket.allowed-origins=*,https://listed.example",
            // That any page may connect does not make its users clients on this machine.
            "holdfast.access.anonymous.subscribe=any"
        })
class AnyOriginTest {

    @Autowired
    Ports ports;

    /** Fetch, section 3.2.5: a browser refuses credentials together with {@code *}. */
    @ParameterizedTest
    @CsvSource({"https://listed.example, https://listed.example, true", "https://other.example, *, ''", "null, *, ''"})
    void rfc9110Section12_5_5_credentialsAreForOriginsWithTheirName(String origin, String allowed, String credentials)
            throws IOException {
        try (HttpWire wire = HttpWire.connect(ports)) {
            Head head = wire.get("/channels/any/messages", "Origin: " + origin).readHead();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.values("Access-Control-Allow-Origin")).containsExactly(allowed);
            assertThat(String.join("", head.values("Access-Control-Allow-Credentials")))
                    .isEqualTo(credentials);
            assertThat(String.join(", ", head.values("Vary"))).contains("Origin");
        }
    }
}
