// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadArgumentsTest {

    @ParameterizedTest
    @ValueSource(strings = {"compare", "load", "load echo", "load fan", "load idle"})
    void helpShowsAnExample(String command) {
        CommandRun run = CommandRun.of((command + " --help").split(" "));

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage: holdfast " + command).contains("Example", "  holdfast " + command);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    compare                                               | --http http://localhost:8080 --tcp localhost:8888
                    compare --http localhost:8080                         | http:// or https:// with a host
                    compare --tcp localhost:8888 --size 0B                | 1B to 16MB, as --size 64B
                    compare --tcp localhost:8888 --size big               | a size, as 64B
                    compare --tcp localhost:8888 --count 19               | from 20, as --count 1000
                    compare --http http://a --http http://b               | one address without TLS and one with TLS
                    compare --tcp a:1 --tcp b:1                           | one address without TLS and one with TLS
                    compare --http http://a --http-version 3              | 1.1 or 2, as --http-version 2
                    compare --tcp tls://a:1 --cacert /nothing             | a readable file with certificates as PEM
                    load echo --tcp a:1 --cacert pom.xml                  | a readable file with certificates as PEM
                    load echo --ws ws://a --streams-per-session 5         | --http-version 2 --streams-per-session 50
                    load echo --ws ws://a --http-version 2 --streams-per-session 0 | from 1, with --http-version 2
                    load echo                                             | as --tcp localhost:8888
                    load echo --tcp localhost                             | host:port
                    load echo --ws localhost:8080/echo                    | an http, https, ws or wss URL
                    load echo --tcp localhost:8888 --connections 0        | from 1, as --connections 1000
                    load echo --tcp localhost:8888 --connections many     | a whole number, as 100
                    load fan --rate fast                                  | a number, as 20
                    load echo --tcp localhost:8888 --rate 0               | up to 1000000, as --rate 200
                    load echo --tcp localhost:8888 --rate NaN             | up to 1000000, as --rate 200
                    load echo --tcp localhost:8888 --size 22B             | from 23B (the stamp in each message)
                    load echo --tcp localhost:8888 --in-flight 0          | from 1, as --in-flight 16
                    load echo --tcp localhost:8888 --duration 0s          | more than 0s, up to 24h, as --duration 30s
                    load echo --tcp localhost:8888 --duration 25h         | 0s to 24h, as --duration 5s
                    load echo --tcp localhost:8888 --warmup -1s           | 0s to 24h, as --warmup 5s
                    load echo --tcp localhost:8888 --duration long        | a duration, as 500ms
                    load fan --sse http://localhost:8080/channels/a       | --publish
                    load fan --publish http://localhost:8080/channels/a   | as --sse http://localhost:8080/channels/fan
                    load idle                                             | as --tcp localhost:8888
                    """)
    void whatCantBeUsedIsAnsweredWithWhatCan(String command, String valid) {
        CommandRun run = CommandRun.of(command.split(" "));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(valid).contains("--help'").hasLineCount(2);
        assertThat(run.out()).isEmpty();
    }

    /** Linux knows no higher limit than a billion and some. */
    @Test
    void moreConnectionsThanFilesAreRefusedWithTheLimit() {
        CommandRun run = CommandRun.of("load", "idle", "--tcp", "localhost:1", "--connections", "2000000000");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .containsPattern(
                        "may open: \\d+ \\(ulimit -n\\), \\d+ of them in use. Valid: up to --connections \\d+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"compare", "load echo", "load idle"})
    void whatCantBeReachedIsSaidWithItsReason(String command) {
        CommandRun run = CommandRun.of(Stream.concat(
                        Stream.of(command.split(" ")),
                        command.equals("load idle")
                                ? Stream.of("--tcp", "127.0.0.1:1", "--connections", "3")
                                : Stream.of("--tcp", "127.0.0.1:1"))
                .toArray(String[]::new));

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out() + run.err()).contains("connection refused");
    }
}
