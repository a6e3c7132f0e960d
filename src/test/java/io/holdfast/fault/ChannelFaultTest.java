// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.fault.ObservedEnd.How;
import io.holdfast.support.FaultTest;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Faults of channels: for subscribers, and for the answers to publishers and polls. */
@FaultTest
class ChannelFaultTest {

    @Autowired
    Ports ports;

    private TestSocket send(String method, String target, String body) throws IOException {
        TestSocket wire = TestSocket.connect(ports.http());
        wire.send(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        return wire;
    }

    @ParameterizedTest
    @CsvSource({"reset,RESET", "half-close,FIN", "stall,SILENCE"})
    void aSubscriptionIsCutAfterItsEvents(String end, How how) throws IOException {
        String path = "/channels/cut-stream-" + end;
        send("POST", path, "one").close();
        try (TestSocket wire = send("GET", path + "?from=earliest&after=2&end=" + end, "")) {
            wire.readUntil("event: welcome\n");
            send("POST", path, "two").close();
            send("POST", path, "three").close();
            ObservedEnd ending = ObservedEnd.of(wire);

            assertThat(ending.how()).isEqualTo(how);
            assertThat(ending.rest().split("id: ", -1)).hasSizeBetween(3, 3);
        }
    }

    @Test
    void aWebSocketIsCutAfterItsEvents() throws IOException {
        try (RawWebSocket client = RawWebSocket.open(
                TestSocket.connect(ports.http()), "/channels?after=2&end=close&code=4010&reason=enough")) {
            assertThat(client.read().text()).contains("\"welcome\"");
            client.send("{\"type\":\"subscribe\",\"channel\":\"cut\"}");
            assertThat(client.read().text()).contains("\"subscribed\"");

            RawWebSocket.Frame close = client.read();
            assertThat(close.closeCode()).isEqualTo(4010);
            assertThat(close.closeText()).isEqualTo("enough");
            client.sendClose(4010);
        }
    }

    @ParameterizedTest
    @CsvSource({"reset,RESET", "truncate,FIN", "half-close,FIN", "stall,SILENCE"})
    void whatIsPublishedIsThereEvenIfTheAnswerIsNot(String end, How how) throws IOException {
        String path = "/channels/lost-answer-" + end;
        try (TestSocket wire = send("POST", path + "?end=" + end, "hello")) {
            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 201 ");
            ObservedEnd ending = ObservedEnd.of(wire);

            assertThat(ending.how()).isEqualTo(how);
            assertThat(ending.rest()).doesNotContain("position");
        }
        assertThat(PlainRequest.get(ports.http(), path + "/messages?after=earliest")
                        .body())
                .contains("\"data\":\"hello\"");
    }

    @Test
    void anAnswerToWhoAsksComesLate() throws IOException {
        long start = System.nanoTime();

        assertThat(PlainRequest.get(ports.http(), "/channels/late/messages?after=earliest&delay=300ms")
                        .body())
                .contains("\"messages\":[]");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }
}
