// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.TestTokens;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** Refusals are counted and, at DEBUG, logged; never with the token. */
@HoldfastTest
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
        properties = {
            "logging.level.io.holdfast.access=debug",
            "holdfast.access.secret=" + TestTokens.SECRET,
            "holdfast.access.anonymous.role=observer"
        })
class AccessMetersTest {

    @Autowired
    Ports ports;

    private double denied(String action, String reason) throws IOException {
        String name =
                "holdfast_access_denied_total{action=\"" + action + "\",node=\"tested\",reason=\"" + reason + "\"}";
        return Scrape.of(PlainRequest.get(ports.http(), "/actuator/prometheus").body())
                .samples()
                .getOrDefault(name, -1.0);
    }

    private void publish(String token) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST /channels/orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1\r\n"
                    + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n1");
            PlainRequest.read(wire);
        }
    }

    @Test
    void refusalsAreCountedByActionAndReasonAndLogged(CapturedOutput output) throws IOException {
        double unauthenticated = denied("publish", "unauthenticated");
        double denied = denied("publish", "denied");
        double invalid = denied("authenticate", "invalid-token");
        String token = TestTokens.of("alice", "news.**");

        publish("");
        publish(token);
        publish(token + "x");

        assertThat(denied("publish", "unauthenticated")).isEqualTo(unauthenticated + 1);
        assertThat(denied("publish", "denied")).isEqualTo(denied + 1);
        assertThat(denied("authenticate", "invalid-token")).isEqualTo(invalid + 1);
        assertThat(output)
                .contains("Refused, denied: 'alice' may not publish to the channel 'orders'")
                .doesNotContain(token);
    }

    @Test
    void commandsAreCountedLikeRequests() throws IOException {
        double before = denied("subscribe", "unauthenticated");
        try (JsonTalk talk = JsonTalk.open(JsonTalk.Way.TCP, ports)) {
            talk.say("{\"type\":\"subscribe\",\"channel\":\"news\"}");
            talk.hear("error");
        }

        assertThat(denied("subscribe", "unauthenticated")).isEqualTo(before + 1);
    }
}
