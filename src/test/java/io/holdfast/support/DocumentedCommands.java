// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The lines of all blocks of the documentation that have a word, each command on one line. */
public final class DocumentedCommands {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w*\\n(.*?)^```");

    private DocumentedCommands() {}

    /** Those in which {@code program} is called, each after its page, as {@code survive.md: $ holdfast survive …}. */
    public static List<String> of(String program) {
        Pattern called = Pattern.compile("(?<![\\w-])" + Pattern.quote(program) + " ");
        try (Stream<Path> pages = Files.list(Path.of("src/docs"))) {
            return Stream.concat(
                            Stream.of(Path.of("README.md")),
                            pages.filter(page -> page.toString().endsWith(".md"))
                                    .sorted())
                    .flatMap(page -> BLOCK.matcher(read(page))
                            .results()
                            .flatMap(block ->
                                    block.group(1).replaceAll(" \\\\\\n +", " ").lines())
                            .filter(called.asPredicate())
                            .map(line -> page.getFileName() + ": " + line))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
