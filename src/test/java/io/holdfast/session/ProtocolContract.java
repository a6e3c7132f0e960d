// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Transport;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.SmallTest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The contract of commands and events on every transport. */
@SmallTest
abstract class ProtocolContract {

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    final String channel = "protocol-" + System.nanoTime();

    JsonTalk talk;

    abstract JsonTalk.Way way();

    abstract Transport transport();

    /** The code of the end that a peer is told for {@code reason}. */
    abstract String told(CloseReason reason);

    @BeforeEach
    void open() throws IOException {
        talk = connect();
    }

    JsonTalk connect() throws IOException {
        return JsonTalk.open(way(), ports);
    }

    @AfterEach
    void close() throws IOException {
        talk.reset();
    }

    /** Sends a command. Apostrophes become quotes, {@code #} becomes the channel. */
    JsonTalk say(String command) throws IOException {
        return talk.say(json(command));
    }

    String json(String command) {
        return command.replace('\'', '"').replace("#", channel);
    }

    private void assertStillTalks() throws IOException {
        assertThat(say("{'type':'ping','id':'still'}").hear().toString())
                .isEqualTo("{\"type\":\"pong\",\"id\":\"still\"}");
    }

    void assertEnds(CloseReason reason) throws IOException {
        long before = figures.closed(transport(), reason);

        assertThat(talk.awaitEnd()).isEqualTo(told(reason));

        await().untilAsserted(
                        () -> assertThat(figures.closed(transport(), reason)).isEqualTo(before + 1));
    }

    @Test
    void welcomeNamesTheConnectionAndTheHeartbeat() throws IOException {
        String id = talk.welcome().path("connection").asString("");

        assertThat(talk.welcome().path("heartbeat").asString("")).isEqualTo("86400s");
        assertThat(PlainRequest.get(ports.http(), "/actuator/connections/" + id).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "-1.5", "\"seven\"", "\"\"", "\"q\\\"\\n\"", "12345678901234567890"})
    void idIsEchoedAsItWasOnEveryAnswer(String id) throws IOException {
        String with = ",'id':" + id + "}";

        assertThat(say("{'type':'ping'" + with).hearText()).isEqualTo("{\"type\":\"pong\",\"id\":" + id + "}");
        assertThat(say("{'type':'subscribe','channel':'#'" + with).hearText())
                .startsWith("{\"type\":\"subscribed\",\"id\":" + id + ",");
        assertThat(say("{'type':'unsubscribe','channel':'#'" + with).hearText())
                .isEqualTo("{\"type\":\"unsubscribed\",\"id\":" + id + ",\"channel\":\"" + channel + "\"}");
        assertThat(say("{'type':'publish','channel':'#','data':1" + with).hearText())
                .startsWith("{\"type\":\"published\",\"id\":" + id + ",");
        assertThat(say("{'type':'nonsense'" + with).hearText())
                .startsWith("{\"type\":\"error\",\"id\":" + id + ",\"code\":\"bad-type\"");
        assertThat(say("{'id':" + id + ",'channel':7,'type':'subscribe'}").hearText())
                .startsWith("{\"type\":\"error\",\"id\":" + id + ",\"code\":\"bad-channel\"");
    }

    @Test
    void withoutAnIdThereIsNoneOnTheAnswer() throws IOException {
        assertThat(say("{'type':'ping'}").hearText()).isEqualTo("{\"type\":\"pong\"}");
        assertThat(say("{'type':'ping','id':null}").hearText()).isEqualTo("{\"type\":\"pong\"}");
        assertThat(say("{'type':'x'}").hear().has("id")).isFalse();
    }

    @Test
    void unknownFieldsAreIgnored() throws IOException {
        say("{'x':{'type':'ping','deep':[{'id':1}]},'type':'publish','channel':'#','y':null,'data':{'id':2},'z':[1]}");

        JsonNode answer = talk.hear("published");

        assertThat(answer.path("channel").asString("")).isEqualTo(channel);
        assertThat(answer.has("id")).isFalse();
    }

    @Test
    void absentAndNullAreTheSame() throws IOException {
        say("{'type':'subscribe','channel':'#','from':null,'mode':null}").hear("subscribed");
        say("{'type':'publish','channel':'#','event':null,'key':null,'data':null}");

        assertThat(List.of(talk.hear(), talk.hear()))
                .filteredOn(event -> event.path("type").asString("").equals("message"))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.has("event")).isFalse();
                    assertThat(message.path("data").isNull()).isTrue();
                });
    }

    static Stream<Arguments> badCommands() {
        String long129 = "x".repeat(129);
        return Stream.of(
                Arguments.of("{'type':'nonsense'}", "bad-type", "type"),
                Arguments.of("{}", "bad-type", "type"),
                Arguments.of("{'type':7}", "bad-type", "type"),
                Arguments.of("{'type':'subscribe'}", "bad-channel", "channel"),
                Arguments.of("{'type':'subscribe','channel':''}", "bad-channel", "channel"),
                Arguments.of("{'type':'subscribe','channel':'a/b'}", "bad-channel", "channel"),
                Arguments.of("{'type':'subscribe','channel':'a b'}", "bad-channel", "channel"),
                Arguments.of("{'type':'subscribe','channel':'.'}", "bad-channel", "channel"),
                Arguments.of("{'type':'subscribe','channel':'..'}", "bad-channel", "channel"),
                Arguments.of("{'type':'publish','channel':'..','data':1}", "bad-channel", "channel"),
                Arguments.of("{'type':'subscribe','channel':'a\\nb'}", "bad-channel", "channel"),
                Arguments.of("{'type':'unsubscribe','channel':'" + long129 + "'}", "bad-channel", "channel"),
                Arguments.of("{'type':'publish','channel':['a'],'data':1}", "bad-channel", "channel"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'event':'a\\nb'}", "bad-event", "event"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'event':'a\\rb'}", "bad-event", "event"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'event':'a\\u0000'}", "bad-event", "event"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'event':''}", "bad-event", "event"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'event':'welcome'}", "bad-event", "event"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'event':'gap'}", "bad-event", "event"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'event':'goodbye'}", "bad-event", "event"),
                Arguments.of(
                        "{'type':'publish','channel':'#','data':1,'event':'" + long129 + "'}", "bad-event", "event"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'event':{}}", "bad-event", "event"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'key':''}", "bad-key", "key"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'key':'a\\n'}", "bad-key", "key"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'key':'" + long129 + "'}", "bad-key", "key"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'key':7}", "bad-key", "key"),
                Arguments.of(
                        "{'type':'publish','channel':'#','data':1,'traceparent':'" + PARENT.toUpperCase(Locale.ROOT)
                                + "'}",
                        "bad-traceparent",
                        "traceparent"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'traceparent':''}", "bad-traceparent", "valid"),
                Arguments.of("{'type':'publish','channel':'#','data':1,'traceparent':7}", "bad-traceparent", "string"),
                Arguments.of(
                        "{'type':'publish','channel':'#','data':1,'tracestate':'a=1'}", "bad-traceparent", "as 00-"),
                Arguments.of(
                        "{'type':'publish','channel':'#','data':1,'traceparent':'" + PARENT + "','tracestate':'a'}",
                        "bad-tracestate",
                        "tracestate"),
                Arguments.of(
                        "{'type':'publish','channel':'#','data':1,'traceparent':'" + PARENT
                                + "','tracestate':'a=1\\n2'}",
                        "bad-tracestate",
                        "vendor=value"),
                Arguments.of(
                        "{'type':'publish','channel':'#','data':1,'traceparent':'" + PARENT + "','tracestate':'a="
                                + "x".repeat(511) + "'}",
                        "bad-tracestate",
                        "512"),
                Arguments.of("{'type':'publish','channel':'#'}", "bad-data", "data"),
                Arguments.of("{'type':'subscribe','channel':'#','from':'41'}", "bad-position", "from"),
                Arguments.of("{'type':'subscribe','channel':'#','from':'a:-1'}", "bad-position", "from"),
                Arguments.of("{'type':'subscribe','channel':'#','from':'now'}", "bad-position", "from"),
                Arguments.of("{'type':'subscribe','channel':'#','from':41}", "bad-from", "from"),
                Arguments.of("{'type':'subscribe','channel':'#','mode':'newest'}", "bad-mode", "mode"),
                Arguments.of("{'type':'ping','id':true}", "bad-id", "id"),
                Arguments.of("{'type':'ping','id':[1]}", "bad-id", "id"),
                Arguments.of("{'type':'ping','id':'" + long129 + "'}", "bad-id", "id"),
                Arguments.of("{'type':'unsubscribe','channel':'#'}", "not-subscribed", "#"),
                Arguments.of("nonsense", "bad-json", "JSON"),
                Arguments.of("[]", "bad-json", "JSON"),
                Arguments.of("7", "bad-json", "JSON"),
                Arguments.of("'ping'", "bad-json", "JSON"),
                Arguments.of("{'type':'ping'", "bad-json", "JSON"),
                Arguments.of("{'type':'ping'} {}", "bad-json", "JSON"),
                Arguments.of("{'type':'ping',}", "bad-json", "JSON"),
                Arguments.of("{type:'ping'}", "bad-json", "JSON"),
                Arguments.of("{'type':'ping','x':'\\x'}", "bad-json", "JSON"),
                Arguments.of(
                        "{'type':'publish','channel':'#','data':" + "[".repeat(64) + "]".repeat(64) + "}",
                        "bad-json",
                        "JSON"));
    }

    @ParameterizedTest
    @MethodSource("badCommands")
    void whatCantBeCarriedOutIsAnsweredAndTheConnectionGoesOn(String command, String code, String named)
            throws IOException {
        JsonNode error = say(command).hear("error");

        assertThat(error.path("code").asString("")).isEqualTo(code);
        assertThat(error.path("message").asString("")).contains(named.replace("#", channel));
        assertStillTalks();
    }

    @Test
    void traceContextComesWithTheMessage() throws IOException {
        say("{'type':'subscribe','channel':'#'}").hear("subscribed");
        say("{'type':'publish','channel':'#','data':1,'traceparent':'" + PARENT
                + "','tracestate':' a=1 ,\\t, b=q\\\"2'}");

        JsonNode message = talk.hear();
        if (!message.has("data")) {
            message = talk.hear("message");
        }

        assertThat(message.path("traceparent").asString()).isEqualTo(PARENT);
        assertThat(message.path("tracestate").asString()).isEqualTo("a=1,b=q\"2");
        assertThat(message.propertyNames())
                .containsExactly("type", "channel", "position", "data", "time", "traceparent", "tracestate");
    }

    /** Every character of each field may be escaped. */
    @Test
    void longestCommandFitsIntoItsFrame() throws IOException {
        String name = "\\u0078".repeat(128);
        String escaped = PARENT.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
        String states = ("\\u0061\\u003d" + "\\u0078".repeat(253) + "\\u002c").repeat(2);
        String most = "'" + "x".repeat(SmallTest.MESSAGE_SIZE - 2) + "'";

        say("{'type':'publish','channel':'" + name + "','event':'" + name + "','key':'" + name + "','id':'"
                + "i".repeat(126) + "','traceparent':'" + escaped + "','tracestate':'" + states + "','data':" + most
                + "}");

        talk.hear("published");
    }

    /** Redis would have the same bytes for all of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "event | \\ud800",
                "event | price\\uDFFF",
                "key | \\ud800",
                "key | \\ud801",
                "key | a\\uDC00\\uD800",
            })
    void rfc3629Section3_loneSurrogateIsRefusedWithTheFieldTheValueAndAnExample(String field, String value)
            throws IOException {
        say("{'type':'publish','channel':'#','data':1,'" + field + "':'" + value + "'}");

        JsonNode error = talk.hear("error");

        assertThat(error.path("code").asString()).isEqualTo("bad-" + field);
        assertThat(error.path("message").asString())
                .startsWith(
                        "'" + field + "' can't be '" + value.toLowerCase(Locale.ROOT) + "'; valid: 1 to 128 characters")
                .containsAnyOf("as price", "as 7f1c");
        assertStillTalks();
    }

    @ParameterizedTest
    @ValueSource(strings = {"type", "channel", "from", "mode"})
    void rfc3629Section3_loneSurrogateOfAnyFieldIsEscapedInTheError(String field) throws IOException {
        say("{'type':'subscribe','channel':'#','" + field + "':'\\ud800'}");

        assertThat(talk.hear("error").path("message").asString()).contains("can't be '\\ud800'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"event", "key"})
    void rfc3629Section3_surrogatePairIsACharacterAsAnyOther(String field) throws IOException {
        say("{'type':'publish','channel':'#','data':1,'" + field + "':'\\ud83d\\ude00\uD83D\uDE00'}")
                .hear("published");
    }

    @Test
    void rfc8259Section8_2_loneSurrogateOfAnIdAndOfDataIsKeptAsItsEscape() throws IOException {
        say("{'type':'subscribe','channel':'#'}").hear("subscribed");
        say("{'type':'publish','channel':'#','data':{'a':'\\ud800'},'id':'\\uDC00'}");

        assertThat(List.of(talk.hearText(), talk.hearText()))
                .anyMatch(event -> event.contains("\"data\":{\"a\":\"\\ud800\"}"))
                .anyMatch(event -> event.contains("\"id\":\"\\uDC00\""));
    }

    @Test
    void rfc3629Section3_valueInAnErrorIsNotCutWithinACharacter() throws IOException {
        String emoji = "\uD83D\uDE00";
        say("{'type':'ping" + emoji.repeat(200) + "'}");

        assertThat(talk.hear("error").path("message").asString()).contains("'ping" + emoji.repeat(96) + "…'");
    }

    /** The data's depth counts from the command's own. */
    @Test
    void dataMayBeAsDeepAsACommandMayBe() throws IOException {
        say("{'type':'publish','channel':'#','data':" + "[".repeat(63) + "]".repeat(63) + "}")
                .hear("published");
    }

    @Test
    void channelIsSubscribedToOnce() throws IOException {
        say("{'type':'subscribe','channel':'#'}").hear("subscribed");

        JsonNode error = say("{'type':'subscribe','channel':'#','id':2}").hear("error");

        assertThat(error.path("code").asString("")).isEqualTo("already-subscribed");
        assertThat(error.path("id").asInt()).isEqualTo(2);
        say("{'type':'unsubscribe','channel':'#'}").hear("unsubscribed");
        say("{'type':'subscribe','channel':'#'}").hear("subscribed");
    }

    @Test
    void subscriptionsOfOneConnectionAreLimitedUntilOneEnds() throws IOException {
        for (int i = 0; i < SmallTest.SUBSCRIPTIONS; i++) {
            say("{'type':'subscribe','channel':'#-" + i + "'}").hear("subscribed");
        }

        JsonNode error = say("{'type':'subscribe','channel':'#'}").hear("error");

        assertThat(error.path("code").asString("")).isEqualTo("limit");
        assertThat(error.path("message").asString(""))
                .contains("holdfast.limits.subscriptions of " + SmallTest.SUBSCRIPTIONS);
        say("{'type':'unsubscribe','channel':'#-0'}").hear("unsubscribed");
        say("{'type':'subscribe','channel':'#'}").hear("subscribed");
    }

    @Test
    void dataMayBeAsLongAsTheLimitAndNoLonger() throws IOException {
        String most = "'" + "x".repeat(SmallTest.MESSAGE_SIZE - 2) + "'";
        say("{'type':'publish','channel':'#','data':" + most + "}").hear("published");

        JsonNode error = say("{'type':'publish','channel':'#','id':1,'data':" + most.replaceFirst("x", "xx") + "}")
                .hear("error");

        assertThat(error.path("code").asString("")).isEqualTo("too-big");
        assertThat(error.path("message").asString("")).contains("holdfast.limits.message-size");
        assertStillTalks();
    }

    @Test
    void commandOverItsFrameEndsTheConnection() throws IOException {
        say("{'type':'publish','channel':'#','data':'" + "x".repeat(8 * SmallTest.MESSAGE_SIZE) + "'}");

        assertEnds(CloseReason.TOO_BIG);
    }

    @Test
    void unsubscribedMeansThatNothingMoreComes() throws IOException {
        say("{'type':'subscribe','channel':'#'}").hear("subscribed");
        say("{'type':'unsubscribe','channel':'#'}").hear("unsubscribed");
        say("{'type':'publish','channel':'#','data':1}").hear("published");

        assertStillTalks();
    }

    @ParameterizedTest
    @CsvSource({"DRAINING", "KICKED", "ERROR"})
    void endIsToldWithItsReason(CloseReason reason) throws IOException {
        assertStillTalks();
        figures.ofPeer(talk.wire().localPort()).orElseThrow().close(reason);

        assertEndsAs(reason);
    }

    private void assertEndsAs(CloseReason reason) throws IOException {
        assertThat(talk.awaitEnd()).isEqualTo(told(reason));
    }

    @Test
    void pongThatNobodyAskedForIsNothing() throws IOException {
        say("{'type':'pong'}");

        assertStillTalks();
    }

    @RepeatedTest(20)
    void subscribeIsAnsweredThoughAnUnsubscribeFollowsAtOnce() throws IOException {
        say("{'type':'subscribe','channel':'#','id':1}");
        say("{'type':'unsubscribe','channel':'#','id':2}");

        JsonNode answer = talk.hear();
        assertThat(answer.path("id").asInt()).isEqualTo(1);
        assertThat(answer.path("type").asString("")).isIn("subscribed", "error");
        assertThat(talk.hear("unsubscribed").path("id").asInt()).isEqualTo(2);
    }
}
