// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.delivery.HeartbeatSpec;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;

class StreamFormatTest {

    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00.120Z");

    @Test
    void noAcceptIsText() throws Exception {
        assertThat(StreamFormat.of(List.of())).isEqualTo(StreamFormat.TEXT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    */*                                                                   | TEXT
                    text/*                                                                | TEXT
                    text/plain                                                            | TEXT
                    text/plain;charset=iso-8859-1                                         | TEXT
                    text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8       | TEXT
                    text/event-stream                                                     | SSE
                    TEXT/Event-Stream                                                     | SSE
                    application/x-ndjson                                                  | NDJSON
                    application/*                                                         | NDJSON
                    text/plain;q=0.5, text/event-stream                                   | SSE
                    application/x-ndjson;q=0.3, text/plain;q=0.2, text/event-stream;q=0.1 | NDJSON
                    */*;q=0.1, text/event-stream;q=0.2                                    | SSE
                    text/plain;q=0, */*                                                   | SSE
                    text/*;q=0, */*                                                       | NDJSON
                    text/*;q=0.9, text/plain;q=0.1, application/x-ndjson;q=0.5            | SSE
                    image/png, application/x-ndjson;q=0.1                                 | NDJSON
                    """)
    void theMostLikedFormatIsChosen(String accept, StreamFormat chosen) throws Exception {
        assertThat(StreamFormat.of(MediaType.parseMediaTypes(accept))).isEqualTo(chosen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/html", "application/json", "*/*;q=0", "text/event-stream;q=0"})
    void noneLikedIsNotAcceptable(String accept) {
        assertThatExceptionOfType(HttpMediaTypeNotAcceptableException.class)
                .isThrownBy(() -> StreamFormat.of(MediaType.parseMediaTypes(accept)));
    }

    @Test
    void textIsTheMessageALine() {
        assertThat(StreamFormat.TEXT.tick(7, TIME, "hello world")).isEqualTo("hello world\n");
    }

    @Test
    void ndjsonIsAnObjectALine() {
        assertThat(StreamFormat.NDJSON.tick(7, TIME, "hello world"))
                .isEqualTo("{\"tick\":7,\"time\":\"2026-11-22T10:00:00.120Z\",\"message\":\"hello world\"}\n");
    }

    @Test
    void anSseEventHasTheNumberAsIdAndTheObjectAsData() {
        assertThat(StreamFormat.SSE.tick(7, TIME, "hello world"))
                .isEqualTo(
                        "id: 7\ndata: {\"tick\":7,\"time\":\"2026-11-22T10:00:00.120Z\",\"message\":\"hello world\"}\n\n");
    }

    @Test
    void aHeartbeatIsAnSseCommentAndABlankLineElsewhere() {
        assertThat(comment(StreamFormat.SSE)).startsWith(":").endsWith("\n\n");
        assertThat(comment(StreamFormat.TEXT)).isEqualTo("\n");
        assertThat(comment(StreamFormat.NDJSON)).isEqualTo("\n");
    }

    private static String comment(StreamFormat format) {
        return format.framing(false).heartbeat().apply(HeartbeatSpec.Kind.COMMENT);
    }

    @ParameterizedTest
    @EnumSource(
            value = StreamFormat.class,
            names = {"SSE", "NDJSON"})
    void jsonKeepsAnyMessageWhole(StreamFormat format) {
        String hostile = "\"quoted\" \\back\\ </script> \u2028\u2029 \uD83D\uDE00 é";

        String tick = format.tick(1, TIME, format.escape(hostile));

        String json = tick.substring(tick.indexOf('{'), tick.lastIndexOf('}') + 1);
        assertThat(HttpWire.json(json).get("message").asString()).isEqualTo(hostile);
    }

    @Test
    void textIsNotEscaped() {
        assertThat(StreamFormat.TEXT.escape("\"\\")).isEqualTo("\"\\");
    }
}
