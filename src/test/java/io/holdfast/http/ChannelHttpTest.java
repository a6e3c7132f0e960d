// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.SmallTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A channel over HTTP: publishing, streams, long polling, and what is refused. */
@SmallTest
class ChannelHttpTest {

    private static final String TEXT = "Content-Type: text/plain";
    private static final String AS_JSON = "Content-Type: application/json";
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    @Autowired
    Ports ports;

    @Autowired
    Connections connections;

    private final String channel = "http-" + System.nanoTime();
    private final String path = "/channels/" + channel;

    private HttpWire wire;

    @BeforeEach
    void connect() throws IOException {
        wire = HttpWire.connect(ports);
    }

    @AfterEach
    void close() throws IOException {
        wire.reset();
    }

    private HttpWire.Answer post(String target, String type, String body) throws IOException {
        return wire.post(target, type, body.getBytes(StandardCharsets.UTF_8)).readAnswer();
    }

    private String publish(String body) throws IOException {
        return post(path, TEXT, body).json().path("position").asString("");
    }

    private JsonNode publishedWith(String headers) throws IOException {
        assertThat(post(path, TEXT + "\r\n" + headers, "traced").status()).isEqualTo(201);
        JsonNode messages = poll("?after=earliest").path("messages");
        return messages.path(messages.size() - 1);
    }

    /** W3C Trace Context, section 3.2.2.5: a request with an invalid header is handled as one without. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "traceparent: nonsense",
                "traceparent: ",
                "traceparent: " + PARENT + "\r\ntraceparent: " + PARENT,
                "tracestate: a=1"
            })
    void invalidTraceparentIsIgnored(String headers) throws IOException {
        JsonNode message = publishedWith(headers);

        assertThat(message.propertyNames()).containsExactly("type", "channel", "position", "data", "time");
    }

    @Test
    void tracestateMayComeInSeveralLines() throws IOException {
        JsonNode message = publishedWith("TraceParent: " + PARENT + "\r\ntracestate: a=1,b=2\r\nTraceState: c=3");

        assertThat(message.path("traceparent").asString()).isEqualTo(PARENT);
        assertThat(message.path("tracestate").asString()).isEqualTo("a=1,b=2,c=3");
    }

    private static long offset(String position) {
        return Long.parseLong(position.substring(position.indexOf(':') + 1));
    }

    private JsonNode poll(String query) throws IOException {
        HttpWire.Answer answer = wire.get(path + "/messages" + query).readAnswer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head().is("Cache-Control", "no-store, no-transform")).isTrue();
        return answer.json();
    }

    private static List<String> data(JsonNode page) {
        return page.path("messages")
                .valueStream()
                .map(message -> message.path("data").asString(""))
                .toList();
    }

    private static void assertProblem(HttpWire.Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.head().type()).isEqualTo("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    }

    @Test
    void publishedIsAnsweredWithWhereItIs() throws IOException {
        HttpWire.Answer answer = post(path, TEXT, "hello");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.head().type()).isEqualTo("application/json");
        assertThat(answer.head().values("Location")).singleElement().asString().endsWith(path);
        assertThat(answer.text()).matches("\\{\"channel\":\"" + channel + "\",\"position\":\"[a-z0-9]+:1\"}");
        assertThat(offset(publish("again"))).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain|{\"a\": 1}|\"{\\\"a\\\": 1}\"",
                "text/markdown;charset=utf-8|ä|\"ä\"",
                "application/json|{\"a\": 1}|{\"a\":1}",
                "application/problem+json|7|7",
                "application/x-www-form-urlencoded|a=b|\"a=b\"",
            })
    void contentTypeSaysWhetherTheBodyIsJsonOrText(String type, String body, String data) throws IOException {
        post(path, "Content-Type: " + type, body);

        assertThat(poll("?after=earliest").path("messages").get(0).path("data").toString())
                .isEqualTo(data);
    }

    @Test
    void idempotencyKeyMakesARepeatAnswerTheFirstPosition() throws IOException {
        String key = TEXT + "\r\nIdempotency-Key: 7f1c";
        HttpWire.Answer first = post(path, key, "a");
        publish("b");

        HttpWire.Answer repeat = post(path, key, "a");

        assertThat(repeat.status()).isEqualTo(201);
        assertThat(repeat.text()).isEqualTo(first.text());
        assertThat(data(poll("?after=earliest"))).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from=41|from|41|earliest or a position",
                "from=a:b|from|a:b|earliest or a position",
                "mode=newest|mode|newest|all or latest",
                "heartbeat=soon|heartbeat|soon|or a duration from 1ms",
                "heartbeat=0s|heartbeat|0s|or a duration from 1ms",
                "form=earliest|form|earliest|from, mode, label, ticket, heartbeat, heartbeat-interval, delay, jitter, after, end, status and retry",
                "from=a:1&from=a:2|from|a:1, a:2|one value",
            })
    void parameterOfAStreamThatCantBeUsedIsNamedWithWhatIsValid(
            String query, String parameter, String value, String valid) throws IOException {
        assertBadParameter(wire.get(path + "?" + query).readAnswer(), parameter, value, valid);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "after=41|after|41|earliest or a position",
                "limit=0|limit|0|1 to 1000",
                "limit=1001|limit|1001|1 to 1000",
                "limit=x|limit|x|1 to 1000",
                "wait=61s|wait|61s|1ms to 60s",
                "wait=x|wait|x|1ms to 60s",
                "from=earliest|from|earliest|after, limit, wait, label, ticket, delay, jitter, end, status and retry",
            })
    void parameterOfAPollThatCantBeUsedIsNamedWithWhatIsValid(
            String query, String parameter, String value, String valid) throws IOException {
        assertBadParameter(wire.get(path + "/messages?" + query).readAnswer(), parameter, value, valid);
    }

    private static void assertBadParameter(HttpWire.Answer answer, String parameter, String value, String valid) {
        assertProblem(answer, 400);
        assertThat(answer.json().path("parameter").asString("")).isEqualTo(parameter);
        assertThat(answer.json().path("value").asString("")).isEqualTo(value);
        assertThat(answer.json().path("valid").asString("")).contains(valid);
    }

    @Test
    void whatCantBePublishedIsNamedWithWhatIsValid() throws IOException {
        assertBadParameter(postAlone(path + "?event=gap", TEXT, "a"), "event", "gap", "as price");
        assertBadParameter(postAlone(path + "?event=a%0Ab", TEXT, "a"), "event", "a\nb", "without line breaks");
        assertBadParameter(postAlone(path + "?evnt=a", TEXT, "a"), "evnt", "a", "event");
        assertBadParameter(
                postAlone(path, TEXT + "\r\nIdempotency-Key: " + "x".repeat(129), "a"),
                "Idempotency-Key",
                "x".repeat(100) + "…",
                "1 to 128");
        assertBadParameter(postAlone("/channels/a%20b", TEXT, "a"), "channel", "a b", "letters");
        assertThat(poll("?after=earliest").path("messages")).isEmpty();
    }

    /** A refused body may still be on its way, and then its connection goes. */
    private HttpWire.Answer postAlone(String target, String type, String body) throws IOException {
        try (HttpWire alone = HttpWire.connect(ports)) {
            return alone.post(target, type, body.getBytes(StandardCharsets.UTF_8))
                    .readAnswer();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}{}", "nonsense", "{\"a\":1,}"})
    void bodyThatIsNotJsonWhereItSaysItIsIsRefused(String body) throws IOException {
        HttpWire.Answer answer = post(path, AS_JSON, body);

        assertProblem(answer, 400);
        assertThat(answer.json().path("code").asString("")).isEqualTo("bad-data");
    }

    @Test
    void jsonMayBe64DeepAndNoDeeper() throws IOException {
        assertThat(post(path, AS_JSON, "[".repeat(64) + "]".repeat(64)).status())
                .isEqualTo(201);
        assertProblem(post(path, AS_JSON, "[".repeat(65) + "]".repeat(65)), 400);
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws IOException {
        assertProblem(wire.post(path, TEXT, (byte) 0xC0, (byte) 0x80).readAnswer(), 400);
    }

    @Test
    void bodyOverTheLimitIsRefusedByItsAnnouncedLength() throws IOException {
        assertThat(post(path, TEXT, "x".repeat(SmallTest.MESSAGE_SIZE - 2)).status())
                .isEqualTo(201);

        HttpWire.Answer answer = post(path, TEXT, "x".repeat(SmallTest.MESSAGE_SIZE + 1));

        assertProblem(answer, 413);
        assertThat(answer.json().path("detail").asString("")).contains("holdfast.limits.message-size");
    }

    @Test
    void bodyOverTheLimitIsRefusedWhenItTurnsOutToBe() throws IOException {
        wire.request("POST", path, AS_JSON, "Transfer-Encoding: chunked");
        wire.wire().send("400\r\n" + "1".repeat(0x400) + "\r\n400\r\n" + "1".repeat(0x400) + "\r\n1\r\n1\r\n0\r\n\r\n");

        assertProblem(wire.readAnswer(), 413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/plain;charset=utf-16", "nonsense"})
    void typeThatIsNeitherTextNorJsonIsRefused(String type) throws IOException {
        HttpWire.Answer answer = post(path, "Content-Type: " + type, "a");

        assertProblem(answer, 415);
        assertThat(answer.head().values("Accept")).singleElement().asString().contains("application/json");
    }

    @ParameterizedTest
    @CsvSource({"gzip,gzip", "GZIP,GZIP", "'identity, br','identity, br'", "x,x"})
    void rfc9110Section15_5_16_bodyInACodingIsRefusedWithItsName(String coding, String value) throws IOException {
        HttpWire.Answer answer = postAlone(path, TEXT + "\r\nContent-Encoding: " + coding, "a");

        assertProblem(answer, 415);
        assertThat(answer.json().path("parameter").asString("")).isEqualTo("Content-Encoding");
        assertThat(answer.json().path("value").asString("")).isEqualTo(value);
        assertThat(answer.head().values("Accept-Encoding")).containsExactly("identity");
        assertThat(poll("?after=earliest").path("messages")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "Identity, identity", ""})
    void rfc9110Section8_4_1_identityIsNoCoding(String coding) throws IOException {
        assertThat(post(path, TEXT + "\r\nContent-Encoding: " + coding, "a").status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain;charset=iso-8859-1",
                "text/plain;charset=UTF-16",
                "application/json;charset=utf-16le",
                "text/plain;charset=none",
            })
    void rfc9110Section8_3_2_anotherCharsetIsRefusedWithItsName(String type) throws IOException {
        HttpWire.Answer answer = postAlone(path, "Content-Type: " + type, "a");

        assertProblem(answer, 415);
        assertThat(answer.json().path("parameter").asString("")).isEqualTo("Content-Type");
        assertThat(answer.json().path("value").asString("")).isEqualTo(type);
        assertThat(answer.json().path("valid").asString("")).contains("as text/plain;charset=utf-8");
    }

    /** Spring's own client sends Latin-1 in this way. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/plain;charset=utf-8", "application/json", "application/vnd.a+json"})
    void rfc3629Section3_bodyThatIsNotUtf8IsRefusedWithWhatToSend(String type) throws IOException {
        byte[] latin1 = "\"Gr\u00FC\u00DFe\"".getBytes(StandardCharsets.ISO_8859_1);

        HttpWire.Answer answer =
                wire.post(path, "Content-Type: " + type, latin1).readAnswer();

        assertProblem(answer, 400);
        assertThat(answer.json().path("code").asString("")).isEqualTo("bad-data");
        assertThat(answer.json().path("parameter").asString("")).isEqualTo("body");
        assertThat(answer.json().path("valid").asString("")).contains("UTF-8").contains("text/plain;charset=utf-8");
    }

    /** In the query they are bytes that are no UTF-8. */
    @ParameterizedTest
    @ValueSource(strings = {"event=%ED%A0%80", "event=a%ED%BF%BF", "event=%FF"})
    void rfc3629Section3_loneSurrogateInTheQueryIsRefused(String query) throws IOException {
        assertProblem(postAlone(path + "?" + query, TEXT, "a"), 400);
    }

    @Test
    void rfc9110Section5_5_keysThatDifferInBytesOverAsciiAreDifferent() throws IOException {
        for (int last : new int[] {0xA1, 0xBF, 0xED, 0xFF}) {
            String position = "";
            for (int repeat = 0; repeat < 2; repeat++) {
                wire.wire()
                        .send(("POST " + path
                                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nIdempotency-Key: a"
                                        + (char) last + "\r\n\r\nx")
                                .getBytes(StandardCharsets.ISO_8859_1));
                String answered = wire.readAnswer().json().path("position").asString();
                assertThat(answered).isNotEmpty();
                assertThat(repeat == 0 || answered.equals(position)).isTrue();
                position = answered;
            }
        }

        assertThat(poll("?after=earliest").path("messages")).hasSize(4);
    }

    /** An escape of JSON that UTF-8 does not have. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"\\ud800\" | \uFFFD",
                "\"a\\uDFFFb\\udc00\\ud800\" | a\uFFFDb\uFFFD\uFFFD",
                "\"\\ud83d\\ude00\" | \uD83D\uDE00",
                "{\"\\ud800\":\"\\udc00\"} | {\"\\ud800\":\"\\udc00\"}",
            })
    void rfc8259Section8_2_loneSurrogateOfDataIsKeptInJsonAndReplacedInAnEventStream(String json, String text)
            throws IOException {
        assertThat(post(path, AS_JSON, json).status()).isEqualTo(201);

        assertThat(wire.get(path + "/messages?after=earliest").readAnswer().text())
                .contains("\"data\":" + json);
        assertThat(streamed("text/event-stream", "data: ")).isEqualTo("data: " + text);
        assertThat(streamed("application/x-ndjson", "{\"type\":\"message\"")).contains("\"data\":" + json);
    }

    /** The line that has the data of the first message. */
    private String streamed(String accept, String start) throws IOException {
        try (HttpWire stream = HttpWire.connect(ports)) {
            stream.get(path + "?from=earliest", "Accept: " + accept).readHead();
            BufferedReader lines = stream.lines();
            String line = lines.readLine();
            while (!line.startsWith(start) || line.contains("welcome")) {
                line = lines.readLine();
            }
            stream.reset();
            return line;
        }
    }

    @Test
    void formatThatThereIsNotIsRefused() throws IOException {
        assertProblem(wire.get(path, "Accept: image/png").readAnswer(), 406);
    }

    @Test
    void otherMethodsAreRefusedWithThoseThatThereAre() throws IOException {
        HttpWire.Answer channelAnswer = wire.request("DELETE", path).readAnswer();
        HttpWire.Answer pollAnswer = post(path + "/messages", TEXT, "a");

        assertProblem(channelAnswer, 405);
        assertThat(String.join(", ", channelAnswer.head().values("Allow")).split(", "))
                .contains("GET", "POST")
                .doesNotContain("DELETE");
        assertProblem(pollAnswer, 405);
        assertThat(String.join(", ", pollAnswer.head().values("Allow")))
                .contains("GET")
                .doesNotContain("POST");
    }

    @Test
    void headIsTheStreamsHeadAlone() throws IOException {
        wire.request("HEAD", path);
        HttpWire.Head head = wire.readHead();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.type()).isEqualTo("text/event-stream");
        assertThat(offset(publish("the connection goes on"))).isEqualTo(1);
    }

    /** All lines of a stream as they are on the wire, to the end of an event. */
    private static String event(BufferedReader lines) throws IOException {
        StringBuilder event = new StringBuilder();
        String line;
        do {
            line = lines.readLine();
            event.append(line).append('\n');
        } while (!line.isEmpty());
        return event.toString();
    }

    @Test
    void eventStreamBeginsWithWhoItIsAndWhere() throws IOException {
        String position = publish("before");

        wire.get(path);

        HttpWire.Head head = wire.readHead();
        assertThat(head.type()).isEqualTo("text/event-stream");
        assertThat(head.is("Cache-Control", "no-store, no-transform")).isTrue();
        assertThat(head.is("X-Accel-Buffering", "no")).isTrue();
        assertThat(event(wire.lines()))
                .matches(
                        "event: welcome\nid: " + position
                                + "\ndata: \\{\"type\":\"welcome\",\"connection\":\"c-tested-[0-9a-f]+\",\"heartbeat\":\"86400s\"}\n\n");
    }

    @Test
    void eventIsFramedSoThatNoDataCanEndIt() throws IOException {
        wire.get(path);
        wire.readHead();
        BufferedReader lines = wire.lines();
        event(lines);
        try (HttpWire other = HttpWire.connect(ports)) {
            other.post(path + "?event=price", TEXT, "a\r\n\nb\rid: 7\n".getBytes(StandardCharsets.UTF_8))
                    .readAnswer();
        }

        String text = new String(wire.readChunk(), StandardCharsets.UTF_8);

        assertThat(text).matches("id: [a-z0-9]+:1\nevent: price\ndata: a\ndata: \ndata: b\ndata: id: 7\ndata: \n\n");
    }

    @Test
    void acceptChoosesJsonLines() throws IOException {
        String position = publish("a");
        wire.get(path + "?from=earliest", "Accept: application/x-ndjson");

        assertThat(wire.readHead().type()).isEqualTo("application/x-ndjson");
        BufferedReader lines = wire.lines();
        assertThat(lines.readLine()).startsWith("{\"type\":\"welcome\",\"connection\":\"c-");
        assertThat(lines.readLine())
                .isEqualTo("{\"type\":\"subscribed\",\"channel\":\"" + channel + "\",\"position\":\"" + position
                        + "\",\"resumed\":true}");
        assertThat(lines.readLine())
                .startsWith("{\"type\":\"message\",\"channel\":\"" + channel + "\",\"position\":\"" + position
                        + "\",\"data\":\"a\",\"time\":\"");
    }

    @Test
    void lastEventIdWinsOverFrom() throws IOException {
        String first = publish("a");
        String second = publish("b");
        publish("c");

        wire.get(path + "?from=" + first, "Last-Event-ID: " + second);

        wire.readHead();
        BufferedReader lines = wire.lines();
        assertThat(event(lines)).startsWith("event: welcome\nid: " + second + "\n");
        assertThat(event(lines)).contains("\ndata: c\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "other:1", "earliest", "a:b:c", "0:0"})
    void lastEventIdOfSomethingElseIsAGap(String foreign) throws IOException {
        String head = publish("a");

        wire.get(path, "Last-Event-ID: " + foreign);

        wire.readHead();
        BufferedReader lines = wire.lines();
        assertThat(event(lines)).startsWith("event: welcome\nid: " + head + "\n");
        assertThat(event(lines))
                .isEqualTo("event: gap\nid: " + head + "\ndata: {\"type\":\"gap\",\"channel\":\"" + channel
                        + "\",\"position\":\"" + head + "\"}\n\n");
    }

    @Test
    void silenceIsBrokenByComments() throws IOException {
        wire.get(path + "?heartbeat=30ms");
        wire.readHead();
        BufferedReader lines = wire.lines();

        assertThat(event(lines)).contains("\"heartbeat\":\"30ms\"");
        assertThat(event(lines)).isEqualTo(": heartbeat\n\n");
        assertThat(event(lines)).isEqualTo(": heartbeat\n\n");
    }

    @Test
    void kickedStreamSaysGoodbye() throws IOException {
        wire.get(path + "?label=kicked");
        wire.readHead();
        BufferedReader lines = wire.lines();
        event(lines);

        kick("kicked", CloseReason.KICKED);

        assertThat(event(lines)).contains("event: goodbye\n").contains("\"code\":\"kicked\"");
        assertThat(lines.readLine()).isNull();
    }

    private void kick(String label, CloseReason reason) {
        Connection connection = await().until(
                        () -> connections.open().stream()
                                .filter(one -> label.equals(one.label()))
                                .findAny(),
                        found -> found.isPresent())
                .orElseThrow();
        connection.close(reason);
    }

    @Test
    void pollAnswersAtOnceWithWhatThereIs() throws IOException {
        String first = publish("a");
        String second = publish("b");
        String third = publish("c");

        JsonNode page = poll("?after=" + first + "&wait=60s");

        assertThat(data(page)).containsExactly("b", "c");
        assertThat(page.path("position").asString("")).isEqualTo(third);
        assertThat(page.path("resumed").asBoolean()).isTrue();
        assertThat(page.path("channel").asString("")).isEqualTo(channel);
        JsonNode limited = poll("?after=" + first + "&limit=1");
        assertThat(data(limited)).containsExactly("b");
        assertThat(limited.path("position").asString("")).isEqualTo(second);
        assertThat(data(poll("?after=earliest"))).containsExactly("a", "b", "c");
        JsonNode now = poll("");
        assertThat(data(now)).isEmpty();
        assertThat(now.path("position").asString("")).isEqualTo(third);
        assertThat(data(poll("?after=" + third + "&wait=0"))).isEmpty();
    }

    @Test
    void pollWaitsForTheNextMessage() throws Exception {
        String first = publish("a");
        CompletableFuture<JsonNode> page = waiting("?after=" + first + "&wait=60s&label=waits");
        awaitPoll("waits");

        String second = publish("b");

        JsonNode answer = page.get(5, TimeUnit.SECONDS);
        assertThat(data(answer)).containsExactly("b");
        assertThat(answer.path("position").asString("")).isEqualTo(second);
    }

    private CompletableFuture<JsonNode> waiting(String query) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return PlainRequest.get(ports.http(), path + "/messages" + query)
                                .json();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                THREADS);
    }

    private void awaitPoll(String label) {
        await().until(() -> connections.open().stream()
                .anyMatch(one -> label.equals(one.label()) && one.kind().equals("poll")));
    }

    @Test
    void pollWhoseWaitIsOverAnswersWithNothing() throws IOException {
        String position = publish("a");
        long start = System.nanoTime();

        JsonNode page = poll("?after=" + position + "&wait=100ms");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(data(page)).isEmpty();
        assertThat(page.path("position").asString("")).isEqualTo(position);
        assertThat(page.path("resumed").asBoolean()).isTrue();
    }

    @Test
    void pollAfterWhatWasLostSaysSoAtOnce() throws IOException {
        String head = publish("a");

        JsonNode page = poll("?after=other:1&wait=60s");

        assertThat(page.path("resumed").asBoolean()).isFalse();
        assertThat(page.path("position").asString("")).isEqualTo(head);
        assertThat(page.path("messages")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"KICKED", "DRAINING"})
    void pollThatIsClosedAnswersWithWhatThereIs(CloseReason reason) throws Exception {
        String position = publish("a");
        CompletableFuture<JsonNode> page = waiting("?after=" + position + "&wait=60s&label=closed-" + reason);
        awaitPoll("closed-" + reason);

        kick("closed-" + reason, reason);

        assertThat(page.get(5, TimeUnit.SECONDS).path("position").asString("")).isEqualTo(position);
    }
}
