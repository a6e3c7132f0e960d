// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@HoldfastTest
@ExtendWith(NothingLeft.class)
class ChannelsEndpointTest {

    @Autowired
    Ports ports;

    private JsonNode get(String query) throws IOException {
        return PlainRequest.get(ports.http(), "/actuator/channels" + query).json();
    }

    private static List<JsonNode> ours(JsonNode page) {
        return page.get("channels")
                .valueStream()
                .filter(row -> row.get("channel").asString().startsWith("listed-"))
                .toList();
    }

    private static List<String> names(List<JsonNode> rows) {
        return rows.stream().map(row -> row.get("channel").asString()).toList();
    }

    @Test
    void channelIsListedWithItsSubscribersAndWhatIsKeptOfItOnThisNode() throws IOException {
        try (ChannelPeer tcp = ChannelPeer.open(ChannelPeer.Way.TCP, ports, Place.now("listed-a"));
                ChannelPeer sse = ChannelPeer.open(ChannelPeer.Way.SSE, ports, Place.now("listed-a"));
                ChannelPeer other = ChannelPeer.open(ChannelPeer.Way.TCP, ports, Place.now("listed-b"));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, ports)) {
            publisher.publish("listed-a", "1");
            String position = publisher.publish("listed-a", "22");
            publisher.publish("listed-c", "1");
            tcp.next(2);
            sse.next(2);

            JsonNode row = get("/listed-a");
            assertThat(row.get("node").asString()).isEqualTo("tested");
            assertThat(row.get("channel").asString()).isEqualTo("listed-a");
            assertThat(row.get("position").asString()).isEqualTo(position);
            assertThat(row.get("subscribers").asInt()).isEqualTo(2);
            assertThat(row.at("/subscribersByTransport/tcp").asInt()).isEqualTo(1);
            assertThat(row.at("/subscribersByTransport/sse").asInt()).isEqualTo(1);
            assertThat(row.get("keptMessages").asInt()).isEqualTo(2);
            assertThat(row.get("keptBytes").asInt()).isEqualTo(3);
            assertThat(row.get("publishedPerSecond").asDouble()).isPositive();

            JsonNode page = get("?sort=-subscribers&size=1000");
            assertThat(page.get("node").asString()).isEqualTo("tested");
            assertThat(page.get("total").asInt()).isEqualTo(page.get("channels").size());
            assertThat(names(ours(page))).containsExactly("listed-a", "listed-b", "listed-c");
            assertThat(ours(page).getFirst()).isEqualTo(row);
            assertThat(names(ours(get("?sort=-channel&size=1000"))))
                    .containsExactly("listed-c", "listed-b", "listed-a");
            assertThat(other.gaps()).isZero();
        }
        await().untilAsserted(() ->
                assertThat(get("/listed-a").get("subscribers").asInt()).isZero());
    }

    @Test
    void channelThatIsNotThereIsNotFound() throws IOException {
        assertThat(PlainRequest.get(ports.http(), "/actuator/channels/nobody-named-it")
                        .status())
                .isEqualTo(404);
    }
}
