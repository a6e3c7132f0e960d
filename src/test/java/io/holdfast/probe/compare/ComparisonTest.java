// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.HttpProtocol;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import io.holdfast.support.Relay;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@HoldfastTest
@ExtendWith(NothingLeft.class)
class ComparisonTest {

    private static final int COUNT = 40;

    /** Of a frame of HTTP/2 (RFC 9113, section 4.1). */
    private static final int FRAME_HEAD = 9;

    @Autowired
    Ports ports;

    /** The version of HTTP; overridden for another one. */
    HttpProtocol protocol() {
        return HttpProtocol.HTTP_1_1;
    }

    private boolean isHttp2() {
        return protocol() == HttpProtocol.HTTP_2;
    }

    /** The frame heads of WebSocket have two, four or ten bytes; raw TCP has none. */
    @ParameterizedTest
    @ValueSource(ints = {1, 64, 3000, 100_000})
    void bytesAreThoseThatARelaySaw(int size) throws Exception {
        try (Relay tcp = new Relay(ports.tcpEcho());
                Relay http = new Relay(ports.http());
                Client client = new Client(1)) {
            for (Way way : ways(http.port(), tcp.port())) {
                Cost cost = costs(client, size, way).getFirst();

                Relay relay = way.transport() == Way.Transport.TCP ? tcp : http;
                assertThat(cost.total()).as(way.toString()).isEqualTo(passed(relay, cost.connections()));
                assertThat(cost.messages()).isEqualTo(COUNT);
                assertThat(cost.connections()).isEqualTo(way.kept() ? (long) Comparison.ROUNDS : COUNT);
            }
        }
    }

    /** What passed on the last {@code connections}. */
    private static Bytes passed(Relay relay, long connections) {
        List<Relay.Passage> all = relay.passages();
        return all.subList(all.size() - (int) connections, all.size()).stream()
                .map(passage -> new Bytes(passage.up(), passage.down()))
                .reduce(Bytes.NONE, Bytes::plus);
    }

    @Test
    void openingMessagesAndClosingMakeUpAllBytes() throws Exception {
        try (Client client = new Client(1)) {
            for (Cost cost :
                    costs(client, 64, ways(ports.http(), ports.tcpEcho()).toArray(Way[]::new))) {
                Bytes once =
                        cost.opening().plus(cost.closing()).times(cost.way().kept() ? (double) cost.connections() : 0);

                assertThat(once.plus(cost.perMessage().times((double) cost.messages()))
                                .sum())
                        .as(cost.way().toString())
                        .isEqualTo(cost.total().sum());
            }
        }
    }

    /** RFC 6455: two bytes of head, four more of mask from the client; a close frame has a code of two bytes. */
    @Test
    void aMessageCostsWhatItsProtocolSays() throws Exception {
        try (Client client = new Client(1)) {
            List<Cost> costs =
                    costs(client, 64, ways(ports.http(), ports.tcpEcho()).toArray(Way[]::new));

            assertThat(costs.get(0).perMessage()).isEqualTo(new Bytes(64, 64));
            assertThat(costs.get(0).once()).isZero();
            int frame = isHttp2() ? FRAME_HEAD : 0;
            assertThat(costs.get(2).perMessage()).isEqualTo(new Bytes(64 + 6 + frame, 64 + 2 + frame));
            assertThat(costs.get(2).closing().out()).isGreaterThanOrEqualTo(8 + frame);
            assertThat(costs.get(2).closing().in()).isGreaterThanOrEqualTo(4 + frame);
            assertThat(costs.get(2).opening().out()).isGreaterThan(100);
            if (isHttp2()) {
                // Header fields that were sent before are an index.
                assertThat(costs.get(4).perMessage().out()).isLessThan(64 + 50);
            } else {
                assertThat(costs.get(2).closing()).isEqualTo(new Bytes(8, 4));
                assertThat(costs.get(4).once()).isZero();
                assertThat(costs.get(4).perMessage().out()).isGreaterThan(64 + 50);
            }
            assertThat(costs.stream().map(Cost::roundTrips))
                    .containsExactly(2, 2, isHttp2() ? 4 : 3, isHttp2() ? 4 : 3, 2, 2);
        }
    }

    @Test
    void anEventCostsItsEnvelope() throws Exception {
        HttpAddress http = HttpAddress.of("http://127.0.0.1:" + ports.http());
        TcpAddress lines = new TcpAddress("127.0.0.1", ports.tcpLines(), false);
        try (Client client = new Client(1)) {
            Comparison comparison = new Comparison(client, 64, COUNT, text -> {});

            Comparison.Compared compared = (Comparison.Compared) comparison.of(
                    List.of(), Push.from(List.of(http), List.of(lines), List.of(protocol()), "comparison-test"));

            assertThat(compared.leftOut()).isEmpty();
            assertThat(compared.pushed())
                    .extracting(one -> one.way().title())
                    .containsExactlyElementsOf(
                            isHttp2()
                                    ? List.of("SSE h2", "NDJSON h2", "WebSocket h2", "TCP lines")
                                    : List.of("SSE", "NDJSON", "WebSocket", "TCP lines"));
            assertThat(compared.pushed()).allSatisfy(one -> {
                assertThat(one.events()).isEqualTo(COUNT);
                assertThat(one.perEvent()).isBetween(64.0 + 10, 64.0 + 200);
                assertThat(one.arrival().p50()).isPositive();
            });
            int frame = isHttp2() ? FRAME_HEAD : 0;
            // The same JSON on both, in a frame with a head of four bytes, or ended by LF.
            assertThat(compared.pushed().get(2).perEvent()
                            - compared.pushed().get(3).perEvent())
                    .isBetween(2.5 + frame, 3.5 + frame);
        }
    }

    @Test
    void whatDoesNotComeBackAsItWasSentIsNoComparison() throws Exception {
        Way noEcho =
                new Way(Way.Transport.TCP, true, new Target.Tcp(new TcpAddress("127.0.0.1", ports.tcpLines(), false)));
        try (Client client = new Client(1)) {
            Comparison comparison = new Comparison(client, 64, COUNT, text -> {});

            assertThat(comparison.of(List.of(noEcho), List.of()))
                    .isInstanceOfSatisfying(
                            Comparison.Failed.class,
                            failed -> assertThat(failed.ending()).isInstanceOf(Ending.Malformed.class));
        }
    }

    private List<Way> ways(int http, int tcp) {
        return Way.to(
                List.of(HttpAddress.of("http://127.0.0.1:" + http)),
                List.of(new TcpAddress("127.0.0.1", tcp, false)),
                List.of(protocol()));
    }

    private static List<Cost> costs(Client client, int size, Way... ways) throws InterruptedException, IOException {
        Comparison.Outcome outcome = new Comparison(client, size, COUNT, text -> {}).of(List.of(ways), List.of());
        assertThat(outcome).isInstanceOf(Comparison.Compared.class);
        return ((Comparison.Compared) outcome).costs();
    }
}
