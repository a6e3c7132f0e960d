// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Transport;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.ConnectionFigures.Open;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Peer;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.PlainRequest.Answer;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** {@code /actuator/connections} with six connections open: one stream, three WebSockets, two over TCP. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
class ConnectionsEndpointTest {

    private static final String PATH = "/actuator/connections";

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    private final List<Peer> peers = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        Peer stream = keep(Peer.open(Transport.HTTP, ports));
        stream.carry();
        keep(webSocket("/echo?label=laptop")).carry();
        keep(webSocket("/echo?label=phone"));
        keep(webSocket("/tcp"));
        Peer stalled = keep(Peer.openStalled(Transport.TCP, ports));
        await().until(() -> figures.ofPeer(stalled.localPort())
                .filter(connection -> connection.bytesOut() > 0)
                .isPresent());
        await().untilAsserted(() -> assertThat(figures.open()).isEqualTo(Open.all(6)));
    }

    private Peer keep(Peer peer) {
        peers.add(peer);
        return peer;
    }

    private Peer webSocket(String path) throws IOException {
        return new Peer.WebSocket(RawWebSocket.open(TestSocket.connect(ports.http()), path));
    }

    @AfterEach
    void close() throws IOException {
        for (Peer peer : peers) {
            peer.reset();
        }
    }

    private Answer get(String query) throws IOException {
        return PlainRequest.get(ports.http(), PATH + query);
    }

    private static List<JsonNode> rows(Answer answer) {
        return List.copyOf(answer.json().get("connections").values());
    }

    @Test
    void listsAllThatAreOpen() throws IOException {
        Answer answer = get("");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("node").asString()).isEqualTo("tested");
        assertThat(answer.json().get("total").asInt()).isEqualTo(6);
        assertThat(answer.json().get("page").asInt()).isZero();
        assertThat(answer.json().get("size").asInt()).isEqualTo(100);
        assertThat(rows(answer))
                .extracting(row ->
                        row.get("transport").asString() + " " + row.get("kind").asString())
                .containsExactlyInAnyOrder(
                        "http stream", "websocket echo", "websocket echo", "websocket tcp", "tcp echo", "tcp echo");
    }

    @Test
    void rowSaysWhoItIsAndWhatItCarried() throws IOException {
        Peer laptop = peers.get(1);

        JsonNode row = rows(get("?transport=websocket")).stream()
                .filter(one -> one.path("label").asString("").equals("laptop"))
                .findAny()
                .orElseThrow();

        assertThat(row.get("id").asString()).matches("c-tested-[0-9a-f]+");
        assertThat(row.get("remoteAddress").asString()).isEqualTo("127.0.0.1:" + laptop.localPort());
        assertThat(row.get("bytesIn").asLong()).isEqualTo(laptop.carried().bytesIn());
        assertThat(row.get("bytesOut").asLong()).isEqualTo(laptop.carried().bytesOut());
        assertThat(row.get("messagesIn").asLong()).isEqualTo(1);
        assertThat(row.get("messagesOut").asLong()).isEqualTo(1);
        assertThat(row.get("queuedBytes").asLong()).isZero();
        assertThat(row.get("ageSeconds").asDouble()).isBetween(0.000_001, 10.0);
        assertThat(row.get("idleSeconds").asDouble())
                .isBetween(0.0, row.get("ageSeconds").asDouble());
        assertThat(row.get("heartbeatsMissed").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"http,1", "websocket,3", "tcp,2", "TCP,2"})
    void filtersByTransport(String transport, int count) throws IOException {
        Answer answer = get("?transport=" + transport);

        assertThat(answer.json().get("total").asInt()).isEqualTo(count);
        assertThat(rows(answer))
                .hasSize(count)
                .allMatch(row -> row.get("transport").asString().equalsIgnoreCase(transport));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ageSeconds",
                "idleSeconds",
                "bytesIn",
                "bytesOut",
                "messagesIn",
                "messagesOut",
                "roundTripMillis",
                "heartbeatsMissed"
            })
    void sortsByEachNumberBothWays(String column) throws IOException {
        assertSorted(column, Comparator.comparingDouble(row -> row.path(column).asDouble(-1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"transport", "kind", "label", "remoteAddress"})
    void sortsByEachTextBothWays(String column) throws IOException {
        assertSorted(column, Comparator.comparing(row -> row.path(column).asString("")));
    }

    @Test
    void sortsByIdInTheOrderOfOpening() throws IOException {
        assertSorted("id", Comparator.comparingLong(ConnectionsEndpointTest::number));
    }

    @Test
    void withoutSortTheOldestComeFirst() throws IOException {
        assertThat(rows(get(""))).isSortedAccordingTo(Comparator.comparingLong(ConnectionsEndpointTest::number));
    }

    private static long number(JsonNode row) {
        return Long.parseLong(row.get("id").asString().substring("c-tested-".length()), 16);
    }

    @Test
    void sortsByQueuedBytesBothWays() throws IOException {
        Peer stalled = peers.getLast();
        // Until the sockets' buffers are full, a queue comes and goes.
        await().during(Duration.ofMillis(200))
                .until(() -> figures.ofPeer(stalled.localPort())
                        .filter(connection -> connection.queuedBytes() > 0)
                        .isPresent());

        assertSorted(
                "queuedBytes",
                Comparator.comparingLong(row -> row.get("queuedBytes").asLong()));
    }

    private void assertSorted(String column, Comparator<JsonNode> order) throws IOException {
        List<JsonNode> up = rows(get("?sort=" + column));
        List<JsonNode> down = rows(get("?sort=-" + column));

        assertThat(up).hasSize(6).isSortedAccordingTo(order);
        assertThat(down).hasSize(6).isSortedAccordingTo(order.reversed());
        // Else any order would do; no heartbeat is due yet in a test this short.
        if (!List.of("roundTripMillis", "heartbeatsMissed").contains(column)) {
            assertThat(order.compare(up.getFirst(), up.getLast())).isNegative();
            assertThat(order.compare(down.getFirst(), down.getLast())).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"heartbeatsMissed", "-heartbeatsMissed"})
    void rowsThatAreEqualComeInTheOrderOfOpeningOverAllPages(String sort) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (int page = 0; page < 3; page++) {
            rows(get("?size=2&sort=" + sort + "&page=" + page)).forEach(row -> numbers.add(number(row)));
        }

        assertThat(numbers).hasSize(6).isSorted();
    }

    @Test
    void whatClosedStaysListedWithItsReason() throws IOException {
        JsonNode phone = rows(get("?transport=websocket")).stream()
                .filter(one -> one.path("label").asString("").equals("phone"))
                .findAny()
                .orElseThrow();
        String id = phone.get("id").asString();
        assertThat(phone.get("state").asString()).isEqualTo("open");
        assertThat(phone.get("reason").isNull()).isTrue();
        assertThat(phone.get("closedSeconds").isNull()).isTrue();

        peers.get(2).reset();
        await().untilAsserted(() -> assertThat(rows(get("?transport=websocket")))
                .noneMatch(one -> one.get("id").asString().equals(id)));

        JsonNode newest = rows(get("?state=closed&transport=websocket&sort=closedSeconds"))
                .getFirst();
        assertThat(newest.get("id").asString()).isEqualTo(id);
        assertThat(newest.get("label").asString()).isEqualTo("phone");
        assertThat(newest.get("state").asString()).isEqualTo("closed");
        assertThat(newest.get("reason").asString()).isEqualTo("client");
        assertThat(newest.get("closedSeconds").asDouble()).isBetween(0.0, 60.0);
        JsonNode one = get("/" + id).json();
        assertThat(one.get("reason").asString()).isEqualTo("client");
        assertThat(one.get("ageSeconds")).as("it does not age any more").isEqualTo(newest.get("ageSeconds"));
    }

    @Test
    void aThousandThatClosedAreRemembered() throws IOException {
        for (int i = 0; i < 1010; i++) {
            TestSocket.connect(ports.tcpEcho()).close();
        }
        await().untilAsserted(() -> assertThat(
                        get("?state=closed&size=1").json().get("total").asInt())
                .isEqualTo(1000));
        await().untilAsserted(() -> assertThat(figures.open()).isEqualTo(Open.all(6)));
    }

    @Test
    void pagesWithoutGapOrRepeat() throws IOException {
        HashSet<String> ids = new HashSet<>();
        for (int page = 0; page < 2; page++) {
            Answer answer = get("?sort=id&size=4&page=" + page);

            assertThat(answer.json().get("total").asInt()).isEqualTo(6);
            assertThat(answer.json().get("page").asInt()).isEqualTo(page);
            assertThat(answer.json().get("size").asInt()).isEqualTo(4);
            assertThat(rows(answer)).hasSize(page == 0 ? 4 : 2);
            rows(answer).forEach(row -> ids.add(row.get("id").asString()));
        }

        assertThat(ids).hasSize(6);
        assertThat(rows(get("?size=4&page=2"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "transport,udp",
        "state,gone",
        "sort,remote",
        "sort,-",
        "page,-1",
        "page,9999999",
        "page,first",
        "size,0",
        "size,1001",
        "size,all"
    })
    void badParameterIsNamed(String parameter, String value) throws IOException {
        Answer answer = get("?" + parameter + "=" + value);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("'" + parameter + "'");
    }

    @Test
    void oneIsFoundByItsId() throws IOException {
        JsonNode first = rows(get("")).getFirst();

        Answer answer = get("/" + first.get("id").asString());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("remoteAddress")).isEqualTo(first.get("remoteAddress"));
    }

    @Test
    void oneThatIsNotOpenIsNotFound() throws IOException {
        assertThat(get("/c-ffffffff").status()).isEqualTo(404);
        assertThat(PlainRequest.send(ports.http(), "DELETE", "/actuator/connections/c-ffffffff")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void healthShowsThatTheThreeCountsAgree() throws IOException {
        JsonNode health = PlainRequest.get(ports.http(), "/actuator/health")
                .json()
                .get("components")
                .get("connections");

        assertThat(health.get("status").asString()).isEqualTo("UP");
        for (String figure : List.of("registered", "permits", "gauge")) {
            assertThat(health.get("details").get(figure).asInt()).as(figure).isEqualTo(6);
        }
    }
}
