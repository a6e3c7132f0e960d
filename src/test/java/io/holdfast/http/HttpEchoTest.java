// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.http.HttpWire.Answer;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;

@HoldfastTest
class HttpEchoTest {

    @Autowired
    Ports ports;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/plain;charset=\"ISO-8859-1\"",
                "text/html;charset=no-such-one",
                "application/json",
                "application/x-www-form-urlencoded",
                "text/event-stream",
                "application/vnd.example+json; version=1",
                "garbage"
            })
    void theContentTypeComesBackUnchanged(String type) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer =
                    http.post("/echo", "Content-Type: " + type, utf8("hello")).readAnswer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head().values("Content-Type")).containsExactly(type);
            assertThat(answer.text()).isEqualTo("hello");
        }
    }

    @Test
    void aWellKnownCharsetMayComeBackInTheWritingOfTheServer() throws IOException {
        MediaType type = MediaType.parseMediaType("text/plain; charset=UTF-8");
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer =
                    http.post("/echo", "Content-Type: " + type, utf8("hello")).readAnswer();

            assertThat(answer.head().values("Content-Type"))
                    .singleElement()
                    .extracting(MediaType::parseMediaType)
                    .isEqualTo(type);
        }
    }

    @Test
    void noContentTypeIsBytes() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.post("/echo", "X-None: at all", utf8("hello")).readAnswer();

            assertThat(answer.head().values("Content-Type")).containsExactly("application/octet-stream");
            assertThat(answer.head().values("X-Content-Type-Options")).containsExactly("nosniff");
        }
    }

    /** The body as it was received: it is not decoded. */
    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/echo?delay=1ms"})
    void rfc9110Section8_4_theCodingAndTheLanguageComeBackWithTheBody(String path) throws IOException {
        byte[] body = {0x1F, (byte) 0x8B, 8, 0};
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.post(
                            path,
                            "Content-Encoding: gzip\r\nContent-Encoding: br\r\nContent-Language: de, en\r\nAccept-Encoding: gzip",
                            body)
                    .readAnswer();

            assertThat(answer.head().values("Content-Encoding")).containsExactly("gzip", "br");
            assertThat(answer.head().values("Content-Language")).containsExactly("de, en");
            assertThat(answer.bytes()).isEqualTo(body);
        }
    }

    @Test
    void aFormIsNotTakenApart() throws IOException {
        assertEchoed("application/x-www-form-urlencoded", utf8("b=2&a=1&&a=%20+%C3%A9&_method=DELETE&novalue"));
    }

    @Test
    void aMultipartBodyIsNotTakenApart() throws IOException {
        assertEchoed(
                "multipart/form-data; boundary=x",
                utf8(
                        "preamble\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n\u0000\r\n--x--\r\n"));
        assertEchoed("multipart/form-data", utf8("no boundary, no parts"));
    }

    @Test
    void anyBytesComeBack() throws IOException {
        byte[] bytes = new byte[1_000_003];
        new Random(1).nextBytes(bytes);

        assertEchoed("application/octet-stream", bytes);
    }

    @Test
    void anEmptyBodyComesBackEmpty() throws IOException {
        assertEchoed("text/plain", new byte[0]);
    }

    private void assertEchoed(String type, byte[] body) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.post("/echo", "Content-Type: " + type, body).readAnswer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.bytes()).isEqualTo(body);
        }
    }

    @Test
    void aChunkedRequestComesBackWhole() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.request("POST", "/echo", "Transfer-Encoding: chunked");
            http.wire().send("5\r\nhello\r\n1;extension=x\r\n \r\n").send("5\r\nworld\r\n0\r\nTrailer: x\r\n\r\n");
            Answer answer = http.readAnswer();

            assertThat(answer.text()).isEqualTo("hello world");
        }
    }

    @Test
    void aClientThatWaitsForContinueGetsIt() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.request("POST", "/echo", "Content-Length: 5", "Expect: 100-continue");
            assertThat(http.readHead().status()).isEqualTo(100);
            http.wire().send("hello");

            assertThat(http.readAnswer().text()).isEqualTo("hello");
        }
    }

    @Test
    void aBodyThatEndsEarlyIsNotEchoed() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.request("POST", "/echo", "Content-Length: 10");
            http.wire().send("hello").sendFin();

            assertThat(http.wire().readToEnd()).asString().doesNotContain("200 OK", "hello");
        }
    }

    @Test
    void theConnectionServesOneAfterTheOther() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            for (int round = 0; round < 10; round++) {
                Answer answer = http.post("/echo", "Content-Type: text/plain", utf8("round " + round))
                        .readAnswer();

                assertThat(answer.text()).isEqualTo("round " + round);
            }
        }
    }

    @Test
    void theAnswerEndsItsConnectionIfThatIsAskedFor() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.post("/echo?connection=close", "Content-Type: text/plain", utf8("hello"))
                    .readAnswer();

            assertThat(answer.text()).isEqualTo("hello");
            assertThat(answer.head().values("Connection")).containsExactly("close");
            assertThat(http.wire().readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"connection=open", "connection=", "connection=close&delay=1ms"})
    void noOtherWishForTheConnectionIsTaken(String query) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.post("/echo?" + query, "Content-Type: text/plain", utf8("hello"))
                    .readAnswer();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).contains("connection=close");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE"})
    void anyOtherMethodIs405(String method) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.request(method, "/echo", "Content-Length: 0").readAnswer();

            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.head().values("Allow")).containsExactly("GET, HEAD, OPTIONS, POST");
            assertThat(answer.head().type()).isEqualTo("application/problem+json");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
