// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Transport;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class LinesProtocolTest extends ProtocolContract {

    @Override
    JsonTalk.Way way() {
        return JsonTalk.Way.TCP;
    }

    @Override
    Transport transport() {
        return Transport.TCP;
    }

    @Override
    String told(CloseReason reason) {
        return reason.tag();
    }

    private void awaitPong(int id) throws IOException {
        assertThat(talk.hearText()).isEqualTo("{\"type\":\"pong\",\"id\":" + id + "}");
    }

    @Test
    void lineMayEndWithCrLf() throws IOException {
        talk.wire().send(json("{'type':'ping','id':1}\r\n{'type':'ping','id':2}\r\n"));

        awaitPong(1);
        awaitPong(2);
    }

    @Test
    void commandsOfOneSegmentAreAnsweredInTheirOrder() throws IOException {
        talk.wire().send(json("{'type':'ping','id':1}\n{'type':'ping','id':2}\nnonsense\n{'type':'ping','id':3}\n"));

        awaitPong(1);
        awaitPong(2);
        talk.hear("error");
        awaitPong(3);
    }

    @Test
    void commandMayComeByteByByte() throws IOException {
        for (byte one : json("{'type':'ping','id':1,'x':'é'}\n").getBytes(StandardCharsets.UTF_8)) {
            talk.wire().send(one);
        }

        awaitPong(1);
    }

    @Test
    void emptyLinesAreIgnored() throws IOException {
        talk.wire().send(json("\n\r\n\n{'type':'ping','id':1}\n\n{'type':'ping','id':2}\n"));

        awaitPong(1);
        awaitPong(2);
    }

    /** RFC 9293, section 3.6: what was sent before the FIN has been sent. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'publish','channel':'#','data':1,'id':'last'}",
                "{'type':'publish','channel':'#','data':1,'id':'last'}\r",
                "{'type':'ping','id':'first'}\n{'type':'publish','channel':'#','data':1,'id':'last'}",
                "nonsense\n\n{'type':'ping','id':'last'}",
                "{'type':'subscribe','channel':'#'}\n{'type':'unsubscribe','channel':'#','id':'last'}",
            })
    void rfc9293Section3_6_lastLineNeedsNoLineFeedBeforeTheFin(String lines) throws IOException {
        talk.wire().send(json(lines)).sendFin();

        String answers = new String(talk.wire().readToEnd(), StandardCharsets.UTF_8);
        assertThat(answers.lines())
                .last()
                .asString()
                .contains("\"id\":\"last\"")
                .doesNotContain("error");
    }

    @Test
    void rfc9293Section3_6_lastLineMayComeInPieces() throws IOException {
        for (byte one : json("{'type':'ping','id':1}").getBytes(StandardCharsets.UTF_8)) {
            talk.wire().send(one);
        }
        talk.wire().sendFin();

        awaitPong(1);
    }

    @Test
    void rfc9293Section3_6_lastLineThatIsNoCommandIsAnsweredWithAnError() throws IOException {
        talk.wire().send("{\"type\":\"pi").sendFin();

        assertThat(talk.hear("error").path("code").asString()).isEqualTo("bad-json");
    }

    @RepeatedTest(5)
    void rfc9293Section3_6_lineThatAResetCutsIsNoCommand() throws IOException {
        talk.wire().send(json("{'type':'ping','id':1}\n{'type':'publish','channel':'#','data':1}"));
        awaitPong(1);
        int port = talk.wire().localPort();

        talk.reset();

        await().until(() -> figures.ofPeer(port).isEmpty());
        assertThat(PlainRequest.get(ports.http(), "/channels/" + channel + "/messages?after=earliest")
                        .json()
                        .path("messages"))
                .isEmpty();
    }

    @Test
    void lineThatIsNotUtf8EndsTheConnectionAndWhatFollowsIsNotRead() throws IOException {
        talk.wire().send((byte) '{', (byte) 0xC0, (byte) 0x80, (byte) '\n', (byte) '\n');

        assertEnds(CloseReason.BAD_PROTOCOL);
    }

    /** Repeated, as answers of a channel come by another thread, sooner or later. */
    @RepeatedTest(10)
    void peerThatEndsItsSideStillGetsItsAnswers() throws IOException {
        talk.wire()
                .send(json("{'type':'publish','channel':'#','data':1}\n{'type':'subscribe','channel':'#'}\n"
                        + "{'type':'unsubscribe','channel':'#'}\n{'type':'ping','id':1}\n"))
                .sendFin();

        assertThat(new String(talk.wire().readToEnd(), StandardCharsets.UTF_8))
                .contains("\"published\"")
                .contains("\"unsubscribed\"")
                .contains("\"pong\"");
    }

    @Test
    void subscriberThatEndsItsSideStillGetsMessages() throws IOException {
        say("{'type':'subscribe','channel':'#'}").hear("subscribed");
        talk.wire().sendFin();
        // It is asked whether it is still there, and once more soon after.
        talk.hear("ping");
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, ports)) {
            publisher.publish(channel, "1");
            JsonNode next = talk.hear();
            JsonNode message = next.path("type").asString("").equals("ping") ? talk.hear() : next;
            assertThat(message.path("data").asInt()).isEqualTo(1);
        }

        assertThat(figures.ofPeer(talk.wire().localPort())).isPresent();
        talk.reset();
        await().until(() -> figures.ofPeer(talk.wire().localPort()).isEmpty());
    }

    /** No write shows it: the next ping is far away. */
    @Test
    void resetAfterTheFinOfASubscriberEndsIt() throws IOException {
        say("{'type':'subscribe','channel':'#'}").hear("subscribed");
        talk.wire().sendFin();
        talk.hear("ping");
        talk.hear("ping");

        talk.reset();

        await().until(() -> figures.ofPeer(talk.wire().localPort()).isEmpty());
    }
}
