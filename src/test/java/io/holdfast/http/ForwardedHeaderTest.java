// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Proxies that write {@code Forwarded}. */
@HoldfastTest
@DirtiesContext
@TestPropertySource(properties = {"holdfast.proxies.trusted=127.0.0.1,10.0.0.1", "holdfast.proxies.header=forwarded"})
class ForwardedHeaderTest {

    @Autowired
    Ports ports;

    /** A {@code |} stands for another header line, a backtick for a quotation mark. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "for=203.0.113.7 ~ 203.0.113.7 ~ http",
                "For=203.0.113.7;Proto=https;by=10.0.0.1 ~ 203.0.113.7 ~ https",
                "for=`203.0.113.7:4711`; proto=`https` ~ 203.0.113.7:4711 ~ https",
                "by=_x;for=`[2001:db8::1]:4711` ~ [2001:db8::1]:4711 ~ http",
                "host=`a;for=198.51.100.1, for=198.51.100.2`;for=203.0.113.7 ~ 203.0.113.7 ~ http",
                "for=198.51.100.1, for=203.0.113.7;proto=https, for=10.0.0.1 ~ 203.0.113.7 ~ http",
                "for=198.51.100.1|for=203.0.113.7 ~ 203.0.113.7 ~ http",
                "for=203.0.113.7, for=unknown ~ 127.0.0.1 ~ http",
                "for=203.0.113.7, proto=https ~ 127.0.0.1 ~ https",
                "for=203.0.113.7, for=`_gazonk` ~ 127.0.0.1 ~ http",
                "for=`198.51.100.1, for=203.0.113.7 ~ 127.0.0.1 ~ http",
                "for=`198.51.100.1, for=203.0.113.7|for=198.51.100.2 ~ 198.51.100.2 ~ http",
                "for=198.51.100.1;proto=`https ~ 127.0.0.1 ~ http",
                "for=`\\ ~ 127.0.0.1 ~ http",
                "`, ~ 127.0.0.1 ~ http",
                ", ~ 127.0.0.1 ~ http",
                "203.0.113.7 ~ 127.0.0.1 ~ http",
            })
    void rfc7239Section4_clientIsTheRightmostAddressThatNoTrustedProxyWrote(
            String forwarded, String client, String scheme) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            String lines = "Forwarded: " + forwarded.replace('`', '"').replace("|", "\r\nForwarded: ") + "\r\n";
            wire.send("GET /inspect HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 192.0.2.1\r\n" + lines + "\r\n");
            PlainRequest.Answer answer = PlainRequest.read(wire);

            assertThat(answer.status()).isEqualTo(200);
            String seen = answer.json().path("client").asString();
            assertThat(client.equals("127.0.0.1") ? seen.replaceFirst(":\\d+$", "") : seen)
                    .isEqualTo(client);
            assertThat(answer.json().path("scheme").asString()).isEqualTo(scheme);
        }
    }
}
