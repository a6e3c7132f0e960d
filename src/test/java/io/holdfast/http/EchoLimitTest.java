// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.http.HttpWire.Answer;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

@HoldfastTest
@TestPropertySource(properties = "holdfast.limits.echo-size=1000B")
class EchoLimitTest {

    private static final String TYPE = "Content-Type: text/plain";

    @Autowired
    Ports ports;

    @Test
    void aBodyOfTheLimitComesBack() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            assertThat(http.post("/echo", TYPE, new byte[1000]).readAnswer().bytes())
                    .hasSize(1000);

            http.request("POST", "/echo", "Transfer-Encoding: chunked");
            http.wire().send("3e8\r\n").send(new byte[1000]).send("\r\n0\r\n\r\n");
            assertThat(http.readAnswer().bytes()).hasSize(1000);
        }
    }

    @Test
    void aLengthOverTheLimitIsRefusedBeforeTheBody() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            assertTooLarge(http.request("POST", "/echo", "Content-Length: 1001", "Expect: 100-continue")
                    .readAnswer());
        }
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            assertTooLarge(http.post("/echo", TYPE, new byte[1001]).readAnswer());
        }
    }

    @Test
    void chunksOverTheLimitAreRefusedWithoutTheirEnd() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.request("POST", "/echo", "Transfer-Encoding: chunked");
            http.wire().send("3e9\r\n").send(new byte[1001]).send("\r\n");

            assertTooLarge(http.readAnswer());
        }
    }

    private static void assertTooLarge(Answer answer) {
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.head().type()).isEqualTo("application/problem+json");
        assertThat(answer.json().get("limit").asString()).isEqualTo("holdfast.limits.echo-size");
        assertThat(answer.json().get("value").asInt()).isEqualTo(1000);
    }
}
