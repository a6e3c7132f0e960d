// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Limit;
import io.holdfast.connection.Transport;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Peer;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The meters as {@code /actuator/metrics} publishes them. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
class ConnectionMetersTest {

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    private JsonNode metric(String name, String... tags) throws IOException {
        String query = Stream.of(tags).map(tag -> "tag=" + tag).reduce("?", (all, tag) -> all + tag + "&");
        PlainRequest.Answer answer = PlainRequest.get(ports.http(), "/actuator/metrics/holdfast." + name + query);
        assertThat(answer.status()).as(name + query).isEqualTo(200);
        return answer.json();
    }

    private double value(String statistic, String name, String... tags) throws IOException {
        return metric(name, tags).get("measurements").values().stream()
                .filter(one -> one.get("statistic").asString().equals(statistic))
                .mapToDouble(one -> one.get("value").asDouble())
                .sum();
    }

    private static List<String> tagValues(JsonNode metric, String tag) {
        return metric.get("availableTags").values().stream()
                .filter(one -> one.get("tag").asString().equals(tag))
                .flatMap(one -> one.get("values").values().stream())
                .map(JsonNode::asString)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void lifeOfAConnectionIsInTheMeters(Transport transport) throws IOException {
        String tag = "transport:" + transport.tag();
        double opened = value("COUNT", "connections.opened", tag);
        double closed = value("COUNT", "connections.closed", tag, "reason:client");
        double ages = value("COUNT", "connections.age", tag);
        double out = value("COUNT", "traffic", tag, "direction:out");
        double in = value("COUNT", "traffic", tag, "direction:in");
        double messagesOut = value("COUNT", "messages", tag, "direction:out");
        Peer.Carried carried;
        try (Peer peer = Peer.open(transport, ports)) {
            peer.carry();
            carried = peer.carried();

            assertThat(value("VALUE", "connections.open", tag)).isEqualTo(1);
            assertThat(value("COUNT", "connections.opened", tag)).isEqualTo(opened + 1);
            assertThat(value("COUNT", "traffic", tag, "direction:out")).isEqualTo(out + carried.bytesOut());
            assertThat(value("COUNT", "traffic", tag, "direction:in")).isEqualTo(in + carried.bytesIn());
            assertThat(value("COUNT", "messages", tag, "direction:out")).isEqualTo(messagesOut + 1);
        }

        await().untilAsserted(() ->
                assertThat(value("VALUE", "connections.open", tag)).isZero());
        assertThat(value("COUNT", "connections.closed", tag, "reason:client")).isEqualTo(closed + 1);
        assertThat(value("COUNT", "connections.age", tag)).isEqualTo(ages + 1);
    }

    @ParameterizedTest
    @EnumSource
    void queuedBytesAreThoseOfThePeersThatDoNotRead(Transport transport) throws IOException {
        String tag = "transport:" + transport.tag();
        assertThat(value("VALUE", "connections.queued", tag)).isZero();
        try (Peer stalled = Peer.openStalled(transport, ports)) {
            await().until(() -> figures.ofPeer(stalled.localPort())
                    .map(Connection::queuedBytes)
                    .filter(queued -> queued > 0)
                    .isPresent());

            await().untilAsserted(() ->
                    assertThat(value("VALUE", "connections.queued", tag)).isPositive());
            stalled.reset();
        }

        await().untilAsserted(() ->
                assertThat(value("VALUE", "connections.queued", tag)).isZero());
    }

    @Test
    void everyTransportReasonAndLimitHasItsTagFromTheStart() throws IOException {
        assertThat(tagValues(metric("connections.closed"), "reason"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(CloseReason.values()).map(CloseReason::tag).toList());
        assertThat(tagValues(metric("connections.refused"), "reason"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Limit.values()).map(Limit::tag).toList());
        for (String meter : List.of(
                "connections.open",
                "connections.opened",
                "connections.closed",
                "connections.refused",
                "connections.age",
                "connections.queued",
                "heartbeat.round.trip")) {
            assertThat(tagValues(metric(meter), "transport"))
                    .as(meter)
                    .containsExactlyInAnyOrder("http", "websocket", "tcp");
        }
    }

    @Test
    void tagsAreNeverIdsOrAddresses() throws IOException {
        try (Peer peer = Peer.open(Transport.TCP, ports)) {
            peer.carry();
            for (String meter : List.of("connections.open", "connections.closed", "connections.age", "traffic")) {
                assertThat(metric(meter).get("availableTags").values())
                        .extracting(tag -> tag.get("tag").asString())
                        .isSubsetOf("node", "transport", "reason", "direction");
                assertThat(tagValues(metric(meter), "node"))
                        .as("names of this process")
                        .hasSize(1);
            }
        }
    }
}
