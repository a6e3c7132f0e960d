// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.channel.Channels;
import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.MovedClock;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** There are as many channels as there may be, each with something kept. */
@FewChannelsTest
class FullTest {

    private static final int TIMES = 100;

    @Autowired
    Ports ports;

    @Autowired
    Channels channels;

    @Autowired
    MovedClock clock;

    @BeforeEach
    void fill() throws IOException {
        clock.pass(Duration.ofMinutes(6));
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, ports)) {
            for (int i = 0; i < FewChannelsTest.CHANNELS; i++) {
                publisher.publish("full-" + i, "1");
            }
        }
    }

    private static void assertLimit(JsonNode error, int id) {
        assertThat(error.path("type").asString("")).isEqualTo("error");
        assertThat(error.path("code").asString("")).isEqualTo("limit");
        assertThat(error.path("message").asString(""))
                .contains("holdfast.history.channels")
                .contains(String.valueOf(FewChannelsTest.CHANNELS));
        assertThat(error.path("id").asInt()).isEqualTo(id);
    }

    @ParameterizedTest
    @EnumSource
    void oneMoreChannelIsRefusedEachTimeAndLeavesNothing(JsonTalk.Way way) throws IOException {
        try (JsonTalk talk = JsonTalk.open(way, ports)) {
            for (int i = 0; i < TIMES; i++) {
                talk.say("{\"type\":\"subscribe\",\"channel\":\"more\",\"id\":" + i + "}");
                assertLimit(talk.hear(), i);
            }
            talk.say("{\"type\":\"publish\",\"channel\":\"more\",\"data\":1,\"id\":7}");
            assertLimit(talk.hear(), 7);
            talk.say("{\"type\":\"publish\",\"channel\":\"full-0\",\"data\":1}").hear("published");

            await().untilAsserted(() -> assertThat(
                            channels.subscribers("more").toCompletableFuture().join())
                    .isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource
    void thereIsRoomAgainWhenWhatWasKeptIsTooOld(JsonTalk.Way way) throws IOException {
        try (JsonTalk talk = JsonTalk.open(way, ports)) {
            talk.say("{\"type\":\"subscribe\",\"channel\":\"more\"}").hear("error");

            clock.pass(Duration.ofMinutes(6));

            talk.say("{\"type\":\"subscribe\",\"channel\":\"more\"}").hear("subscribed");
            talk.say("{\"type\":\"publish\",\"channel\":\"more\",\"data\":1}");
            assertThat(new String[] {
                        talk.hear().path("type").asString(""),
                        talk.hear().path("type").asString("")
                    })
                    .containsExactlyInAnyOrder("published", "message");
        }
    }

    @Test
    void httpAnswersWith503AndWhenToComeBack() throws IOException {
        for (String path : new String[] {"/channels/more", "/channels/more/messages"}) {
            assertUnavailable(PlainRequest.get(ports.http(), path));
        }
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST /channels/more HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n1");
            assertUnavailable(PlainRequest.read(wire));
        }
        assertThat(channels.names()).doesNotContain("more");
        assertThat(ChannelPeer.open(ChannelPeer.Way.POLL, ports, ChannelPeer.Place.from("full-0", "earliest"))
                        .next(1))
                .hasSize(1);
    }

    private static void assertUnavailable(PlainRequest.Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.head()).containsPattern("\r\nretry-after: [1-9]").contains("application/problem+json");
        assertThat(answer.json().path("code").asString("")).isEqualTo("limit");
        assertThat(answer.json().path("detail").asString(""))
                .contains("holdfast.history.channels of " + FewChannelsTest.CHANNELS);
    }
}
