// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.http.HttpWire.Answer;
import io.holdfast.http.HttpWire.Head;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Which answers are compressed: documents, and nothing that is written for as long as a connection lasts. */
@HoldfastTest
class CompressedAnswersTest {

    private static final String GZIP = "Accept-Encoding: gzip";

    @Autowired
    Ports ports;

    private Answer get(String path, String... headers) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            return http.get(path, headers).readAnswer();
        }
    }

    private static String inflated(Answer answer) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.bytes()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/index.html",
                "/client/channel.js",
                "/webjars/uplot/dist/uPlot.esm.js",
                "/actuator/metrics",
                "/actuator/prometheus"
            })
    void rfc9110Section12_5_3_documentsAreCompressedForWhoAcceptsIt(String path) throws IOException {
        Answer plain = get(path);
        Answer compressed = get(path, GZIP);

        assertThat(plain.status()).isEqualTo(200);
        assertThat(plain.head().values("Content-Encoding")).isEmpty();
        assertThat(plain.head().values("Vary")).anyMatch(vary -> vary.contains("Accept-Encoding"));
        assertThat(compressed.head().values("Content-Encoding")).containsExactly("gzip");
        assertThat(compressed.head().values("Vary")).anyMatch(vary -> vary.contains("Accept-Encoding"));
        assertThat(compressed.bytes().length).isLessThan(plain.bytes().length);
        assertThat(inflated(compressed)).startsWith(plain.text().substring(0, 100));
        assertThat(compressed.head().values("Content-Type"))
                .isEqualTo(plain.head().values("Content-Type"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "gzip; gzip",
                "GZIP; gzip",
                "br, gzip;gzip",
                "deflate, gzip|q=0.1; gzip",
                "*; gzip",
                "identity|q=0, *; gzip",
                "*|q=0, gzip; gzip",
                "identity|q=0.5, gzip|q=0.9; gzip",
                "gzip|q=0; ''",
                "gzip|q=0, *; ''",
                "*|q=0, identity; ''",
                "identity|q=0; ''",
                "*|q=0; ''",
                "''; ''",
                "gzip, \"; ''",
                "gzip|q=x; ''",
                "gzip|q; ''",
                "gzip|level=1; ''",
                "identity; ''",
                "br; ''",
                "identity, gzip|q=0.000; ''",
            })
    void rfc9110Section12_5_3_weightsAreRespected(String accepted, String coding) throws IOException {
        Answer answer = get("/index.html", "Accept-Encoding: " + accepted.replace('|', ';'));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(String.join(",", answer.head().values("Content-Encoding"))).isEqualTo(coding);
    }

    @ParameterizedTest
    @CsvSource({
        "/stream,text/plain",
        "/stream,text/event-stream",
        "/stream,application/x-ndjson",
        "/channels/compressed,text/event-stream",
        "/channels/compressed,application/x-ndjson",
    })
    void rfc9110Section7_7_streamsAreNeverCompressed(String path, String format) throws IOException {
        for (String accepted : new String[] {"gzip", "*", "identity;q=0, gzip", "gzip, deflate, br, zstd"}) {
            try (HttpWire http = HttpWire.connect(ports)) {
                Head head = http.get(path, "Accept: " + format, "Accept-Encoding: " + accepted)
                        .readHead();

                assertThat(head.status()).isEqualTo(200);
                assertThat(head.values("Content-Encoding")).isEmpty();
                assertThat(http.lines().readLine()).matches("[ -~]+");
                http.reset();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/channels/compressed/messages?after=earliest", "/channels/compressed/messages?wait=50ms"})
    void rfc9110Section7_7_pollsAreNotCompressed(String path) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.post(
                            "/channels/compressed",
                            "Content-Type: text/plain",
                            "x".repeat(5000).getBytes(StandardCharsets.US_ASCII))
                    .readAnswer();
            Answer answer = http.get(path, GZIP).readAnswer();

            assertThat(answer.head().values("Content-Encoding")).isEmpty();
            assertThat(answer.json().path("channel").asString()).isEqualTo("compressed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/echo?delay=1ms"})
    void rfc9110Section8_4_echoComesBackAsItIs(String path) throws IOException {
        byte[] body = "x".repeat(5000).getBytes(StandardCharsets.US_ASCII);
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer =
                    http.post(path, "Content-Type: text/plain\r\n" + GZIP, body).readAnswer();

            assertThat(answer.bytes()).isEqualTo(body);
        }
    }

    /** A part of the compressed bytes would be no part of the file. */
    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-4999", "bytes=-3000"})
    void rfc9110Section14_2_partsOfFilesAreNotCompressed(String range) throws IOException {
        Answer answer = get("/index.html", GZIP, "Range: " + range);

        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.head().values("Content-Encoding")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/client/channel.js"})
    void rfc9110Section8_8_3_3_fileThatIsKnownIsNotSentAgainWhateverItsCoding(String path) throws IOException {
        for (String accepted : new String[] {"Accept: */*", GZIP}) {
            Answer first = get(path, accepted);
            String tag = first.head().values("ETag").getFirst();
            Answer again = get(path, accepted, "If-None-Match: " + tag);

            assertThat(again.status()).isEqualTo(304);
            assertThat(again.bytes()).isEmpty();
            assertThat(get(path, accepted, "If-None-Match: \"other\"").status())
                    .as("another version")
                    .isEqualTo(200);
            assertThat(get(path, accepted, "If-None-Match: *").status()).isIn(200, 304);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/index.html", "/actuator/prometheus"})
    void headHasNoBodyWhateverItsCoding(String path) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Head head = http.request("HEAD", path, GZIP).readHead();

            assertThat(head.status()).isEqualTo(200);
            assertThat(http.post("/echo", "Content-Type: text/plain", (byte) 'x')
                            .readAnswer()
                            .text())
                    .isEqualTo("x");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"a, b", "*", "\"a--gzip\""})
    void rfc9110Section13_1_2_entityTagThatCannotBeReadIsIgnored(String tag) throws IOException {
        for (String path : new String[] {"/index.html", "/actuator/metrics"}) {
            assertThat(get(path, GZIP, "If-None-Match: " + tag).status()).isIn(200, 304);
        }
    }
}
