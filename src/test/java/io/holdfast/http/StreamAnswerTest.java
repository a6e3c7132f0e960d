// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.http.HttpWire.Answer;
import io.holdfast.http.HttpWire.Head;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What {@code /stream} answers to which request. */
@HoldfastTest
class StreamAnswerTest {

    private static final String SHORT = "/stream?count=2&interval=10ms";

    @Autowired
    Ports ports;

    @Autowired
    Traffic traffic;

    @AfterEach
    void nothingIsOpen() {
        await().pollDelay(Duration.ZERO)
                .untilAsserted(
                        () -> assertThat(traffic.of(Transport.HTTP).open()).isZero());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    X-None: at all                                                                                  | text/plain
                    Accept: */*                                                                                     | text/plain
                    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8   | text/plain
                    Accept: text/event-stream                                                                       | text/event-stream
                    Accept: application/x-ndjson                                                                    | application/x-ndjson
                    Accept: text/plain;q=0.4, application/x-ndjson;q=0.5                                            | application/x-ndjson
                    """)
    void acceptChoosesTheFormat(String header, String type) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.get(SHORT, header).readAnswer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head().type()).isEqualTo(type);
        }
    }

    @Test
    void severalAcceptHeadersAreOneList() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.get(SHORT, "Accept: image/png", "Accept: text/event-stream")
                    .readAnswer();

            assertThat(answer.head().type()).isEqualTo("text/event-stream");
        }
    }

    @Test
    void noFormatTheClientTakesIs406WithAProblemAllTheSame() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.get(SHORT, "Accept: image/png").readAnswer();

            assertProblem(answer, 406);
            assertThat(answer.text()).contains("text/plain", "text/event-stream", "application/x-ndjson");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept: gar bage", "Accept: text/", "Accept: text/plain;q=7"})
    void anAcceptThatCanNotBeReadIs406(String header) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            assertProblem(http.get(SHORT, header).readAnswer(), 406);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/event-stream", "application/x-ndjson"})
    void everyAnswerStaysOpenAndIsKeptByNobody(String type) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Head head = http.get(SHORT, "Accept: " + type).readAnswer().head();

            assertThat(head.values("Connection")).containsExactly("keep-alive");
            assertThat(head.values("Transfer-Encoding")).containsExactly("chunked");
            assertThat(head.values("Content-Length")).isEmpty();
            assertThat(head.values("Cache-Control")).containsExactly("no-store, no-transform");
            assertThat(head.values("X-Accel-Buffering")).containsExactly("no");
            assertThat(head.values("X-Content-Type-Options")).containsExactly("nosniff");
        }
    }

    @Test
    void textSaysItsEncoding() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Head head = http.get(SHORT).readAnswer().head();

            assertThat(head.values("Content-Type"))
                    .singleElement()
                    .asString()
                    .isEqualToIgnoringCase("text/plain;charset=utf-8");
        }
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Head get = http.get(SHORT).readAnswer().head();
            Head head = http.request("HEAD", SHORT).readHead();
            Answer next = http.get(SHORT).readAnswer();

            assertThat(head.status()).isEqualTo(200);
            assertThat(withoutDate(head)).containsExactlyInAnyOrderElementsOf(withoutDate(get));
            assertThat(next.text()).isEqualTo("hello world\nhello world\n");
        }
    }

    private static List<String> withoutDate(Head head) {
        return head.text().lines().filter(line -> !line.startsWith("Date: ")).toList();
    }

    @Test
    void headCountsAsNoStream() throws IOException {
        long before = traffic.of(Transport.HTTP).opened();
        try (HttpWire http = HttpWire.connect(ports)) {
            http.request("HEAD", "/stream").readHead();
            http.get(SHORT).readAnswer();

            assertThat(traffic.of(Transport.HTTP).opened()).isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "TRACE"})
    void anyOtherMethodIs405(String method) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.request(method, "/stream", "Content-Length: 0").readAnswer();

            assertProblem(answer, 405);
            assertThat(answer.head().values("Allow")).containsExactly("GET, HEAD, OPTIONS");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "interval=fast",
                "interval=",
                "interval=-1s",
                "interval=25h",
                "count=0",
                "count=ten",
                "count=99999999999999999999",
                "duration=forever",
                "duration=366d",
                "size=0",
                "size=65537",
                "heartbeat=never",
                "colour=red",
                "message=a%0Ab",
                "message=a%0Db",
                "message=a%00b",
                "count=1&count=2",
                "%3Cscript%3E=%22%3E%3C"
            })
    void aBadParameterIs400NamedWithItsValueAndWhatIsValid(String query) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            for (String accept : List.of("*/*", "text/plain", "text/event-stream", "application/x-ndjson")) {
                Answer answer =
                        http.get("/stream?" + query, "Accept: " + accept).readAnswer();

                JsonNode problem = assertProblem(answer, 400);
                assertThat(problem.propertyNames()).contains("parameter", "value", "valid");
                assertThat(problem.get("parameter").asString()).isEqualTo(decoded(query.replaceFirst("=.*", "")));
                assertThat(problem.get("valid").asString()).isNotBlank();
            }
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Test
    void aQueryThatIsNotUtf8Is400WithAProblem() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            assertProblem(http.get("/stream?message=%FF").readAnswer(), 400);
        }
    }

    @Test
    void http10GetsTheBodyAsItIsAndTheEndByClose() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.wire().send("GET " + SHORT + " HTTP/1.0\r\n\r\n");
            Head head = http.readHead();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.values("Transfer-Encoding")).isEmpty();
            assertThat(head.values("Content-Length")).isEmpty();
            assertThat(http.wire().readToEnd()).asString().isEqualTo("hello world\nhello world\n");
        }
    }

    @Test
    void http10WithKeepAliveStillEndsByClose() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.wire().send("GET " + SHORT + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Head head = http.readHead();

            assertThat(head.values("Connection")).containsExactly("close");
            assertThat(http.wire().readToEnd()).asString().isEqualTo("hello world\nhello world\n");
        }
    }

    @Test
    void aClientThatWantsTheConnectionClosedGetsItClosed() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.get(SHORT, "Connection: close").readAnswer();

            assertThat(answer.head().values("Connection")).containsExactly("close");
            assertThat(answer.text()).isEqualTo("hello world\nhello world\n");
            assertThat(http.wire().read()).isEqualTo(-1);
        }
    }

    /** Whether it comes with the head or later. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestsBodyIsNeverTakenForANextRequest(boolean atOnce) throws IOException {
        String smuggled = HttpWire.head("GET", "/smuggled");
        String head = HttpWire.head("GET", SHORT, "Content-Length: " + smuggled.length());
        try (HttpWire http = HttpWire.connect(ports)) {
            http.wire().send(atOnce ? head + smuggled : head);
            Answer answer = http.readAnswer();
            if (!atOnce) {
                http.wire().send(smuggled);
            }

            assertProblem(answer, 400);
            assertThat(http.wire().readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/error", "/stream/", "/stream/more", "/echo/more", "/actuator/env"})
    void anUnknownPathIs404WithAProblem(String path) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            for (String accept : List.of("*/*", "text/html", "text/event-stream")) {
                assertProblem(http.get(path, "Accept: " + accept).readAnswer(), 404);
            }
        }
    }

    private static JsonNode assertProblem(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.head().type()).isEqualTo("application/problem+json");
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        return answer.json();
    }
}
