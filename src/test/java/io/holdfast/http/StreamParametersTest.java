// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.connection.BadParameterException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamParametersTest {

    private static final int MAX_SIZE = 64;

    @Test
    void noneIsHelloWorldEverySecondForEver() {
        StreamParameters parameters = StreamParameters.parse(Map.of(), MAX_SIZE);

        assertThat(parameters).isEqualTo(new StreamParameters("hello world", Duration.ofSeconds(1), null, null, null));
    }

    @Test
    void allAreTaken() {
        StreamParameters parameters = parse(
                "message=hi",
                "interval=250ms",
                "count=3",
                "duration=2h",
                "size=4",
                "heartbeat=5s",
                "delay=1s",
                "label=my-laptop");

        assertThat(parameters)
                .isEqualTo(new StreamParameters("hi..", Duration.ofMillis(250), 3L, Duration.ofHours(2), "my-laptop"));
    }

    @ParameterizedTest
    @CsvSource({"0,PT0S", "1ms,PT0.001S", "500ms,PT0.5S", "2s,PT2S", "1m,PT1M", "24h,PT24H", "1d,PT24H", "PT0.5S,PT0.5S"
    })
    void intervalIsADurationOrZero(String text, Duration interval) {
        assertThat(parse("interval=" + text).interval()).isEqualTo(interval);
    }

    @ParameterizedTest
    @CsvSource({"1,hello world", "11,hello world", "12,hello world.", "20,hello world........."})
    void sizePadsButNeverCuts(String size, String message) {
        assertThat(parse("size=" + size).message()).isEqualTo(message);
    }

    @Test
    void sizeCountsBytesNotCharacters() {
        String message = parse("message=é", "size=8").message();

        assertThat(message).isEqualTo("é......");
        assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "interval=",
                "interval=fast",
                "interval=-1s",
                "interval=0.5",
                "interval=999us",
                "interval=25h",
                "interval=99999999999999999999d",
                "count=0",
                "count=-1",
                "count=1.5",
                "count=ten",
                "count=1000000000000001",
                "count=99999999999999999999",
                "duration=0",
                "duration=forever",
                "duration=-1s",
                "duration=366d",
                "size=0",
                "size=-1",
                "size=65",
                "size=1KB",
                "colour=red",
                "Message=hi"
            })
    void aBadOneIsNamedWithItsValueAndWhatIsValid(String parameter) {
        String name = parameter.substring(0, parameter.indexOf('='));
        String value = parameter.substring(parameter.indexOf('=') + 1);

        assertThatExceptionOfType(BadParameterException.class)
                .isThrownBy(() -> parse(parameter))
                .satisfies(e -> assertThat(e.problem().getProperties())
                        .containsEntry("parameter", name)
                        .containsEntry("value", value)
                        .hasEntrySatisfying(
                                "valid", valid -> assertThat(valid.toString()).isNotBlank()));
    }

    @Test
    void oneGivenTwiceIsRefusedEvenIfBothAgree() {
        assertThatExceptionOfType(BadParameterException.class)
                .isThrownBy(() -> StreamParameters.parse(Map.of("count", new String[] {"1", "1"}), MAX_SIZE))
                .satisfies(e -> assertThat(e.problem().getProperties())
                        .containsEntry("parameter", "count")
                        .containsEntry("value", "1, 1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\u0000b", "\u007F", "\u0085"})
    void aMessageIsOneLineWithoutControls(String message) {
        assertThatExceptionOfType(BadParameterException.class)
                .isThrownBy(() -> StreamParameters.parse(Map.of("message", new String[] {message}), MAX_SIZE));
    }

    @Test
    void aMessageMayBeAsLongAsTheLimitInBytes() {
        String longest = "é".repeat(MAX_SIZE / 2);

        assertThat(parse("message=" + longest).message()).isEqualTo(longest);
        assertThatExceptionOfType(BadParameterException.class).isThrownBy(() -> parse("message=" + longest + "a"));
    }

    @Test
    void aLongValueIsShownShortened() {
        assertThatExceptionOfType(BadParameterException.class)
                .isThrownBy(() -> parse("count=" + "9".repeat(1000)))
                .satisfies(e -> assertThat(e.problem().getProperties())
                        .hasEntrySatisfying(
                                "value", value -> assertThat(value.toString()).hasSizeLessThan(200)));
    }

    private static StreamParameters parse(String... pairs) {
        Map<String, String[]> parameters = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            parameters.put(pair.substring(0, equals), new String[] {pair.substring(equals + 1)});
        }
        return StreamParameters.parse(parameters, MAX_SIZE);
    }
}
