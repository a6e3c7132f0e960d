// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.HoldfastApplication;
import io.holdfast.redis.RedisServer;
import io.holdfast.support.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The service starts with each command, YAML file and properties file of the documentation, and has their settings. Only ports,
 * the address of Redis and files of certificates are replaced.
 */
class SettingsExamplesTest {

    private static final Path PAGES = Path.of("src/docs");

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
    private static final Pattern COMMAND =
            Pattern.compile("(?m)^(?:\\$ )?\\S+/bin/holdfast((?: (?:\\\\\\n *)?--\\S+)+)$");
    private static final Pattern ARGUMENT = Pattern.compile("--([^=\\s]+)=('[^']*'|\\S+)");
    private static final Pattern PROPERTIES = Pattern.compile("(?:[a-z][a-z0-9.-]+=.*\\n)+");

    private static final Pattern PORT = Pattern.compile("(?<=port[=:] ?)\\d+");

    private static final Pattern CERTIFICATE = Pattern.compile("(?<=[=: ])(?:file:)?[\\w./]+\\.(?:crt|pem)(?![.\\w])");
    private static final Pattern KEY = Pattern.compile("(?<=[=: ])(?:file:)?[\\w./]+\\.key(?![.\\w])");

    /** Variables of the environment. */
    private static final List<String> SECRETS = List.of("COLLECTOR_KEY", "PROMETHEUS_KEY");

    @AutoClose
    private static RedisServer redis;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    record Example(Path page, String type, String text) {

        /** As it is with ports, addresses and files of the test. */
        String adapted(TestCertificate certificate) {
            String adapted = PORT.matcher(text).replaceAll("0");
            adapted = adapted.replace("localhost:6379", "127.0.0.1:" + redis.port());
            adapted = CERTIFICATE.matcher(adapted).replaceAll(Matcher.quoteReplacement("file:" + certificate.file()));
            return KEY.matcher(adapted).replaceAll(Matcher.quoteReplacement("file:" + certificate.key()));
        }

        @Override
        public String toString() {
            return page.getFileName() + ": " + text.strip().lines().findFirst().orElse("");
        }
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        try (Stream<Path> files = Files.list(PAGES)) {
            for (Path page : files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                for (MatchResult block :
                        BLOCK.matcher(Files.readString(page)).results().toList()) {
                    String text = block.group(2);
                    if (block.group(1).equals("yaml")) {
                        examples.add(new Example(page, "yaml", text));
                    } else if (PROPERTIES.matcher(text).matches()) {
                        examples.add(new Example(page, "properties", text));
                    } else {
                        COMMAND.matcher(text)
                                .results()
                                .forEach(command -> examples.add(new Example(page, "command", command.group(1))));
                    }
                }
            }
        }
        return examples;
    }

    @Test
    void allKindsAreFound() throws IOException {
        assertThat(examples()).extracting(Example::type).contains("yaml", "properties", "command");
        assertThat(examples()).hasSizeGreaterThanOrEqualTo(11);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theServiceStarts(Example example) throws IOException {
        String text = example.adapted(TestCertificate.inFiles("localhost"));
        List<String> arguments = new ArrayList<>();
        for (String listener : List.of("server", "holdfast.tcp.listeners.echo", "holdfast.tcp.listeners.lines")) {
            if (!text.contains("--" + listener + ".port=")) {
                arguments.add("--" + listener + ".port=0");
            }
        }
        SECRETS.forEach(name -> arguments.add("--" + name + "=" + (name + " of the test, ").repeat(3)));
        List<MatchResult> given = List.of();
        if (example.type().equals("command")) {
            given = ARGUMENT.matcher(text).results().toList();
            given.forEach(argument -> arguments.add(argument.group().replace("'", "")));
        } else {
            Path file = Files.writeString(folder.resolve("example." + example.type()), text);
            arguments.add("--spring.config.additional-location=file:" + file);
        }

        try (ConfigurableApplicationContext context =
                SpringApplication.run(HoldfastApplication.class, arguments.toArray(String[]::new))) {
            assertThat(context.isRunning()).isTrue();
            given.forEach(argument -> assertThat(context.getEnvironment().getProperty(argument.group(1)))
                    .as(argument.group())
                    .endsWith(argument.group(2).replace("'", "")));
        }
    }
}
