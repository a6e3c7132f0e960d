// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.HoldfastApplication;
import io.holdfast.probe.GuardedService.Asked;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The token reaches the service on each kind of connection, refusals are explained, and no output shows the token. */
@Timeout(60)
class TokenOptionTest {

    private static final String TOKEN = "eyJhbGciOi.to~ken_-./+=";
    private static final String SUBSCRIBE = "{\"type\":\"subscribe\",\"channel\":\"fan\"}";
    private static final String USE = "; use --token or HOLDFAST_TOKEN.";
    private static final String NOT_ACCEPTED = "(the token); the token of --token or HOLDFAST_TOKEN is not accepted.";

    private static CommandRun run(String command, String... more) {
        CommandRun run = CommandRun.of(Stream.concat(Stream.of(command.split(" ", -1)), Stream.of(more))
                .toArray(String[]::new));
        assertThat(run.out() + run.err()).doesNotContain(TOKEN);
        return run;
    }

    private static String fan(GuardedService service, String subscribers) {
        return "load fan " + subscribers + " --publish " + service.http("/channels/fan")
                + " --connections 2 --warmup 0s --duration 200ms --patience 100ms";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --json"})
    void fanShowsItOnStreamsHandshakesPublishesMetricsAndLines(String format) throws Exception {
        try (GuardedService service = GuardedService.accepting(TOKEN)) {
            run(
                    fan(
                            service,
                            "--sse " + service.http("/channels/fan") + " --ws " + service.http("/channels")
                                    + " --lines " + service.tcp() + format),
                    "--hello",
                    SUBSCRIBE,
                    "--token",
                    TOKEN);

            assertThat(service.asked())
                    .contains(
                            new Asked("GET /channels/fan", TOKEN),
                            new Asked("GET /channels", TOKEN),
                            new Asked("POST /channels/fan", TOKEN),
                            new Asked("GET /actuator/metrics/process.cpu.time", TOKEN),
                            new Asked(
                                    "{\"type\":\"authenticate\",\"id\":\"authenticate\",\"token\":\"" + TOKEN + "\"}",
                                    TOKEN))
                    .allMatch(asked -> TOKEN.equals(asked.token()));
        }
    }

    @Test
    void rawTcpIsNotToldIt() throws Exception {
        try (GuardedService service = GuardedService.accepting(TOKEN)) {
            CommandRun run = run(
                    "load echo --connections 1 --duration 100ms --warmup 0s --tcp " + service.tcp(), "--token", TOKEN);

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(service.asked()).isEmpty();
        }
    }

    @Test
    void compareSaysThatTheTokenIsMissing() throws Exception {
        try (GuardedService service = GuardedService.accepting(TOKEN)) {
            CommandRun without = run("compare --http " + service.http(""));
            CommandRun other = run("compare --http " + service.http(""), "--token", TOKEN + "x");

            assertThat(without.code()).isEqualTo(Commands.UNREACHABLE);
            assertThat(without.err()).contains("WebSocket to ws://", "/echo: HTTP 401: No access with null" + USE);
            assertThat(other.code()).isEqualTo(Commands.UNREACHABLE);
            assertThat(other.err()).contains("HTTP 401: No access with " + NOT_ACCEPTED);
            assertThat(service.asked())
                    .containsExactly(new Asked("GET /echo", null), new Asked("GET /echo", TOKEN + "x"));
        }
    }

    /** They end at once, not after the warm-up and the time to measure. */
    @ParameterizedTest
    @ValueSource(strings = {"--http %s/echo", "--ws %s/echo", "--ws %s/echo --json"})
    void loadOnAnEchoEndsAsItIsRefused(String target) throws Exception {
        try (GuardedService service = GuardedService.accepting(TOKEN)) {
            CommandRun run = run("load echo --warmup 1h --duration 1h " + target.formatted(service.http("")));

            assertThat(run.code()).isEqualTo(Commands.UNREACHABLE);
            assertThat(run.err())
                    .contains("/echo: HTTP 401: No access with null" + USE)
                    .contains("CPU and heap are not shown: that needs the role observer. HTTP 401");
            assertThat(run.out().isEmpty()).isEqualTo(!target.contains("json"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--sse %s/channels/fan", "--ws %s/channels"})
    void fanEndsAsSubscribingIsDenied(String subscribers) throws Exception {
        GuardedService.Rule rule =
                (request, token) -> request.equals("COMMAND") || request.equals("GET /channels/fan") ? 403 : 200;
        try (GuardedService service = new GuardedService(rule)) {
            CommandRun run = run(
                    fan(service, subscribers.formatted(service.http(""))).replaceAll("0s|200ms|100ms", "1h"),
                    "--hello",
                    SUBSCRIBE,
                    "--token",
                    TOKEN);

            assertThat(run.code()).isEqualTo(Commands.UNREACHABLE);
            assertThat(run.err())
                    .containsPattern("/channels(/fan)?: (HTTP 403|error denied): No access with \\(the token\\);"
                            + " the token of --token or HOLDFAST_TOKEN does not permit it\\.");
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void fanEndsAsPublishingIsDenied() throws Exception {
        try (GuardedService service = new GuardedService((request, token) -> request.startsWith("POST") ? 401 : 200)) {
            CommandRun run =
                    run(fan(service, "--sse " + service.http("/channels/fan")).replaceAll("0s|200ms|100ms", "1h"));

            assertThat(run.code()).isEqualTo(Commands.UNREACHABLE);
            assertThat(run.err()).contains("publishing: HTTP 401: No access with null" + USE);
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void idleLinesEndAsTheTokenIsRefused() throws Exception {
        try (GuardedService service = GuardedService.accepting("another")) {
            CommandRun run = run("load idle --connections 3 --duration 1h --lines " + service.tcp(), "--token", TOKEN);

            assertThat(run.code()).isEqualTo(Commands.UNREACHABLE);
            assertThat(run.err()).contains(service.tcp() + ": error unauthenticated: No access with " + NOT_ACCEPTED);
        }
    }

    @Test
    void surviveAccusesNobodyIfItMayNotReadTheRecord() throws Exception {
        GuardedService.Rule rule = (request, token) -> request.contains("/actuator") ? 401 : 200;
        try (GuardedService service = new GuardedService(rule)) {
            String command = "survive --transport http,tcp --silences 2s --patience 300ms --http " + service.http("")
                    + " --tcp " + service.tcp();

            CommandRun text = run(command, "--token", TOKEN);
            JsonNode json = new JsonMapper().readTree(run(command + " --json").out());

            assertThat(text.code()).isEqualTo(Commands.WRONG);
            assertThat(text.out())
                    .containsIgnoringWhitespaces("The service's record would tell which. It could not be read, as the"
                            + " permission is missing: the role observer.")
                    .containsIgnoringWhitespaces("The service's record could not be read. That needs the role observer."
                            + " HTTP 401: No access with " + NOT_ACCEPTED)
                    .doesNotContain("Look for a timeout");
            assertThat(json.at("/recordMissing").asString()).endsWith("No access with null" + USE);
            assertThat(json.at("/transports/0/culprit/who").asString()).isEqualTo("unknown-without-permission");
            assertThat(json.at("/transports/1/culprit/who").asString()).isEqualTo("unknown-without-permission");
            assertThat(service.asked())
                    .contains(new Asked("GET /stream", TOKEN), new Asked("GET /actuator/connections", TOKEN));
        }
    }

    @Test
    void surviveSaysThatTheServiceRefusedIt() throws Exception {
        try (GuardedService service = GuardedService.accepting("another")) {
            CommandRun run = run(
                    "survive --up-to 200ms --http " + service.http("") + " --lines " + service.tcp(), "--token", TOKEN);

            assertThat(run.code()).isEqualTo(Commands.UNREACHABLE);
            assertThat(run.out())
                    .containsIgnoringWhitespaces("SSE: Not measured: " + service.http("/stream")
                            + " does not answer as expected: HTTP 401: No access with " + NOT_ACCEPTED)
                    .containsIgnoringWhitespaces("as expected: error unauthenticated: No access with " + NOT_ACCEPTED)
                    .doesNotContain("Upgrade")
                    .doesNotContain("observer");
            assertThat(service.asked()).contains(new Asked("GET /echo", TOKEN));
        }
    }

    static Stream<List<String>> unusable() {
        return Stream.of("", "two words", "tökèn", "new\nline", "tab\t", "nul\0")
                .flatMap(token -> Stream.of(
                                "survive --tcp here:1",
                                "compare --tcp here:1",
                                "load echo --tcp here:1",
                                "load idle --tcp here:1",
                                "load fan --lines here:1 --publish http://here")
                        .map(command -> List.of(command, token)));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatNoHeaderCanCarryIsRefused(List<String> commandAndToken) {
        CommandRun run = run(commandAndToken.getFirst(), "--token", commandAndToken.get(1));

        assertThat(run.code()).isEqualTo(Commands.BAD_ARGUMENTS);
        assertThat(run.err())
                .startsWith("The value of --token (" + commandAndToken.get(1).length() + " characters) can't be used.")
                .hasLineCount(2);
        if (!commandAndToken.get(1).isEmpty()) {
            assertThat(run.err()).doesNotContain(commandAndToken.get(1));
        }
    }

    @Test
    void tokenGivenTwiceIsNotShown() {
        assertThat(run("load idle --tcp here:1", "--token", TOKEN, "--token", TOKEN)
                        .code())
                .isEqualTo(Commands.BAD_ARGUMENTS);
    }

    @Test
    void variableIsUsedUnlessTheOptionIsGivenOrItIsEmpty() throws Exception {
        try (GuardedService service = GuardedService.accepting("none")) {
            runWith(TOKEN, service);
            runWith(TOKEN, service, "--token", "wins");
            runWith("", service);

            assertThat(service.asked()).extracting(Asked::token).containsExactly(TOKEN, "wins", null);
        }
    }

    /** A process has its own variables. */
    private static void runWith(String variable, GuardedService service, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HoldfastApplication.class.getName(),
                "compare",
                "--http",
                service.http("")));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOLDFAST_TOKEN", variable);
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isEqualTo(Commands.UNREACHABLE);
            assertThat(output).contains("HTTP 401").doesNotContain(TOKEN);
        } finally {
            process.destroyForcibly();
        }
    }
}
