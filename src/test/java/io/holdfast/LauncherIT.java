// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.FreePort;
import io.holdfast.support.PlainRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The distribution that {@code package} makes: its launcher, its start cache, and the beans that the build generated. */
class LauncherIT {

    private static final Path DISTRIBUTION = Path.of(System.getProperty("holdfast.distribution", "target/holdfast"));
    private static final Path LAUNCHER = DISTRIBUTION.resolve("bin/holdfast").toAbsolutePath();
    private static final String WITH_GENERATED_BEANS = "Starting AOT-processed HoldfastApplication";

    private static final Pattern EXAMPLES = Pattern.compile("(?m)^Examples?:\n((?:  .*\n)+)");

    private static final Pattern CLASSIFIER = Pattern.compile("classifier=([^&]+)");

    /** It is made at the lowest priority. */
    private static final Duration CACHE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    @Test
    void firstStartMakesACacheForTheNext() throws Exception {
        Path cache = folder.resolve("a cache");
        Map<String, String> environment = Map.of("HOLDFAST_CACHE", cache.toString());
        try (Service first = new Service(environment)) {
            assertThat(first.log()).contains("creates a start cache in the background");
            assertThat(run(environment, "create-cache").output()).contains("is being created by another process");
            await().atMost(CACHE)
                    .until(() -> !files(cache, ".aot").isEmpty()
                            || !files(cache, ".log").isEmpty());
            assertThat(files(cache, ".log")).as(() -> failureOf(cache)).isEmpty();
        }

        assertThat(run(environment, "create-cache"))
                .isEqualTo(new Ended(0, files(cache, ".aot").getFirst() + "\n"));
        // This JVM does not start without its cache.
        try (Service next = new Service(Map.of("HOLDFAST_CACHE", cache.toString(), "JAVA_OPTS", "-XX:AOTMode=on"))) {
            assertThat(next.log()).contains(WITH_GENERATED_BEANS).doesNotContain("start cache");
            assertThat(next.get("/actuator/env").status()).isEqualTo(404);
        }
    }

    @Test
    void cacheThatCannotBeMadeLeavesItsLog() throws Exception {
        Path programs = Files.createDirectory(folder.resolve("programs"));
        Path nice = Files.writeString(programs.resolve("nice"), "#!/bin/sh\necho no priority today\nexit 1\n");
        Files.setPosixFilePermissions(nice, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path cache = folder.resolve("cache");
        Map<String, String> failing =
                Map.of("HOLDFAST_CACHE", cache.toString(), "PATH", programs + ":" + System.getenv("PATH"));

        Ended failed = run(failing, "create-cache");

        Path log = files(cache, ".log").getFirst();
        assertThat(failed.output()).contains("could not be created, as " + log + " says: no priority today");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(log).hasContent("no priority today");
        try (Service next = new Service(failing)) {
            assertThat(next.log()).contains("could not be created the last time, as " + log + " says");
        }
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).toList();
        }
    }

    private static String failureOf(Path cache) {
        try {
            return Files.readString(files(cache, ".log").getFirst());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void settingThatDecidesWhichBeansThereAreIsHeeded() throws Exception {
        try (Service service =
                new Service(Map.of("HOLDFAST_CACHE", "off"), "--management.endpoints.web.exposure.include[0]=env")) {
            assertThat(service.log()).doesNotContain(WITH_GENERATED_BEANS);
            assertThat(service.get("/actuator/env").status()).isEqualTo(200);
            assertThat(service.get("/actuator/info").status()).isEqualTo(404);
        }
    }

    @Test
    void namesTheLibrariesThatItIsMadeOf() throws Exception {
        try (Service service = new Service(Map.of("HOLDFAST_CACHE", "off"))) {
            JsonNode bill = JsonMapper.shared()
                    .readTree(service.get("/actuator/sbom/application").body());

            assertThat(bill.at("/metadata/component/licenses/0/license/id").asString())
                    .isEqualTo("Apache-2.0");
            assertThat(bill.get("components").valueStream().map(LauncherIT::file))
                    .containsAll(libraries());
        }
    }

    /** The name of a component's jar. */
    private static String file(JsonNode component) {
        String name = component.get("name").asString() + "-"
                + component.get("version").asString();
        Matcher classifier = CLASSIFIER.matcher(component.path("purl").asString());
        return classifier.find() ? name + "-" + classifier.group(1) + ".jar" : name + ".jar";
    }

    private static List<String> libraries() throws IOException {
        try (Stream<Path> files = Files.list(DISTRIBUTION.resolve("lib"))) {
            // Boot's plugin adds the tool that extracts the jar.
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("spring-boot-jarmode-tools-"))
                    .toList();
        }
    }

    @Test
    void oldJdkIsPassedOver() throws Exception {
        Path old = oldJdk();

        Ended version = run(Map.of("JAVA_HOME", old.toString()), "--version");

        assertThat(version.output()).startsWith("holdfast ").contains("Java ");
        assertThat(version.status()).isZero();
    }

    @Test
    void oldJavaOnThePathIsPassedOver() throws Exception {
        Path known = Files.createDirectories(folder.resolve("home/.jdks")).resolve("new");
        Files.createSymbolicLink(known, Path.of(System.getProperty("java.home")));

        Ended version =
                run(withOldJava(LAUNCHER, Map.of("HOME", folder.resolve("home").toString())));

        assertThat(version.output()).startsWith("holdfast ").contains("Java ");
        assertThat(version.status()).isZero();
    }

    /** The launcher prints its version, with an old java first on the path and no JAVA_HOME. */
    private ProcessBuilder withOldJava(Path launcher, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", launcher.toString(), "--version");
        builder.environment().remove("JAVA_HOME");
        builder.environment().merge("PATH", oldJdk() + "/bin", (path, old) -> old + ":" + path);
        builder.environment().putAll(environment);
        return builder;
    }

    private Path oldJdk() throws IOException {
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "exit 9");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.2\"\n");
        return folder.resolve("jdk");
    }

    @Test
    void withoutAJdkOneLineSaysWhatToInstall() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path demanding = bin.resolve("holdfast");
        Files.writeString(demanding, Files.readString(LAUNCHER).replace("NEEDED=25", "NEEDED=99"));

        Ended ended = run(withOldJava(demanding, Map.of()));

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .startsWith("holdfast: needs a JDK 99 or later (java on the path is 17.0.2): install one, as from ")
                .hasLineCount(1);
    }

    @Test
    void startsByALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("hold fast"), LAUNCHER);

        assertThat(run(new ProcessBuilder(link.toString(), "--version")).output())
                .startsWith("holdfast ");
    }

    /** Those of a command's help, as they are printed on 80 columns, but for the ports. */
    @Test
    void examplesOfTheHelpCanBePastedIntoAShell() throws Exception {
        try (Service service = new Service(Map.of("HOLDFAST_CACHE", "off"))) {
            List<CompletableFuture<Ended>> runs = new ArrayList<>();
            for (String command :
                    List.of("survive", "compare", "load", "load echo", "load fan", "load idle", "token")) {
                String help = run(Map.of("COLUMNS", "80"), (command + " --help").split(" "))
                        .output();
                String examples = EXAMPLES.matcher(help)
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.joining("\n"));
                assertThat(examples).contains("  holdfast " + command);
                runs.add(CompletableFuture.supplyAsync(() -> pasted(service, examples)));
            }
            for (CompletableFuture<Ended> run : runs) {
                // Something may be wrong: this machine is busy.
                assertThat(run.get().status()).as(run.get().output()).isLessThanOrEqualTo(1);
                assertThat(run.get().output()).doesNotContain("--help'", "not found", "Exception");
            }
        }
    }

    private static Ended pasted(Service service, String examples) {
        String script = examples.replace("localhost:8080", "localhost:" + service.port)
                .replace("localhost:8888", "localhost:" + service.tcp);
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", script);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .merge(
                        "PATH",
                        DISTRIBUTION.resolve("bin").toAbsolutePath().toString(),
                        (path, launcher) -> launcher + ":" + path);
        try {
            return run(builder);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ctrl-C sends the signal. What runs in the background of a shell ignores it, and hands that down. */
    @Test
    void signalEndsACommandWithItsResultsSoFar() throws Exception {
        try (Service service = new Service(Map.of("HOLDFAST_CACHE", "off"))) {
            ProcessBuilder builder =
                    process(Map.of(), "survive", "--tcp", "localhost:" + service.tcp, "--up-to", "1h", "--json");
            builder.command().addAll(0, List.of("env", "--default-signal=INT"));
            Process survive =
                    builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            try {
                await().untilAsserted(() -> assertThat(
                                service.get("/actuator/metrics/holdfast.connections.open?tag=transport:tcp")
                                        .body())
                        .contains("\"value\":13.0"));
                new ProcessBuilder("kill", "-INT", String.valueOf(survive.pid())).start();

                assertThat(survive.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(survive.exitValue()).isEqualTo(130);
                JsonNode json = JsonMapper.shared().readTree(survive.getInputStream());
                assertThat(json.get("complete").asBoolean()).isFalse();
                assertThat(json.at("/transports/0/silences")).isNotEmpty();
            } finally {
                survive.destroyForcibly();
            }
        }
    }

    @Test
    void onAPipeNothingIsRewrittenOrColored() throws Exception {
        try (Service service = new Service(Map.of("HOLDFAST_CACHE", "off"))) {
            Ended ended = run(Map.of(), "survive", "--tcp", "localhost:" + service.tcp, "--up-to", "1s");

            assertThat(ended.output()).contains("Silences of up to 1s survive.").doesNotContain("\u001b", "\r");
            assertThat(ended.output().lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
        }
    }

    /** What a process printed until its end. */
    private record Ended(int status, String output) {}

    private static Ended run(Map<String, String> environment, String... arguments) throws Exception {
        return run(process(environment, arguments));
    }

    private static Ended run(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static ProcessBuilder process(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** The service, run by the launcher, on free ports. */
    private static final class Service implements AutoCloseable {

        private final Process process;
        private final StringBuilder log = new StringBuilder();
        private final int port = FreePort.any();
        private final int tcp = FreePort.any();

        Service(Map<String, String> environment, String... settings) throws IOException {
            List<String> arguments = new ArrayList<>(List.of(
                    "--server.port=" + port,
                    // It says whether beans were generated.
                    "--spring.main.log-startup-info=true",
                    "--holdfast.tcp.listeners.echo.port=" + tcp,
                    "--holdfast.tcp.listeners.lines.port=0"));
            arguments.addAll(List.of(settings));
            process = process(environment, arguments.toArray(String[]::new))
                    .redirectErrorStream(true)
                    .start();
            BufferedReader lines = process.inputReader();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.append(line).append('\n');
                if (line.contains("Holdfast is ready on ")) {
                    return;
                }
            }
            throw new IOException("It ended at its start:\n" + log);
        }

        String log() {
            return log.toString();
        }

        PlainRequest.Answer get(String path) throws IOException {
            return PlainRequest.get(port, path);
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }
}
