// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.holdfast.support.DocumentedCommands;
import io.holdfast.support.TestCertificate;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arguments of every command in the documentation are valid, also of those that take too long to be run as they stand. */
class CommandExamplesTest {

    private static final Pattern COMMAND = Pattern.compile("^.*bin/holdfast ((?:survive|compare|load|token) .*?)\\)?$");
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    static Stream<String> commands() {
        return DocumentedCommands.of("bin/holdfast").stream()
                .filter(line -> COMMAND.matcher(line).matches());
    }

    @Test
    void allAreFound() {
        assertThat(commands()).hasSizeGreaterThan(5).anyMatch(line -> line.startsWith("compare.md"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void argumentsAreValid(String line) {
        String certificate = TestCertificate.inFiles("localhost").file().toString();
        String command = COMMAND.matcher(line).replaceFirst("$1").replace("ca.pem", certificate);
        List<String> arguments = QUOTED.matcher(command)
                .results()
                .map(word -> Stream.of(1, 2, 3)
                        .map(word::group)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow())
                .toList();

        assertThatNoException().isThrownBy(() -> Commands.commandLine().parseArgs(arguments.toArray(String[]::new)));
    }
}
