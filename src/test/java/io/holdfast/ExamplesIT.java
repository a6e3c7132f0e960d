// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.FreePort;
import io.holdfast.support.Program;
import io.holdfast.support.ServiceProcess;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of the documentation as they stand there, and compares what they print. Only ports are replaced, and what differs
 * at each run may differ: times, connections, the first part of positions. What stands for itself in a block, without a command, is a
 * line that a command before it prints. {@code survive} and {@code compare} have tests of their own, with proxies and with TLS.
 */
class ExamplesIT {

    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Path DISTRIBUTION = Path.of(System.getProperty("holdfast.distribution", "target/holdfast"))
            .toAbsolutePath();
    private static final String SECRET = "a secret of at least thirty-two bytes";

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```");
    private static final Pattern MEASURES = Pattern.compile("\\$ target/holdfast/bin/holdfast (survive|compare)");
    private static final Pattern ASSIGNMENT = Pattern.compile("(?s)([A-Z]+)=.*");
    private static final Pattern INPUT =
            Pattern.compile("> (.*)|(\\{\"type\":\"(?:subscribe|unsubscribe|publish|authenticate|ping)\".*)");
    private static final Pattern SERVICE = Pattern.compile("target/holdfast/bin/holdfast\\s+--.*", Pattern.DOTALL);

    /** What may differ: the epoch of a position, a time, a connection, an abbreviation, a figure with its unit, a port, a version, a request's bytes. */
    private static final Pattern VARIABLE = Pattern.compile(
            "(?<epoch>\\b[0-9a-z]{6,8})(?=:\\d+\")|(?<line>\\b[0-9a-z]{6,8})(?=:\\d+$)"
                    + "|(?<time>\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z)|(?<connection>\\bc-\\w+-\\w+)|(?<rest> ?…)"
                    + "|(?<figure>\\b\\d[\\d,.]* (?:µs|ms|s)\\b)|(?<port>127\\.0\\.0\\.1:\\d+)|(?<version>curl/[\\d.]+)|(?<bytes>(?<=\"in\":)\\d+)|(?<space> +)");

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> replacements = new LinkedHashMap<>();
    private final Map<String, String> epochs = new HashMap<>();
    private final List<Session> sessions = new ArrayList<>();

    @Test
    void readme() throws Exception {
        try (ServiceProcess service = ServiceProcess.start()) {
            assertThat(run("README.md", service)).isGreaterThan(12);
        }
    }

    @Test
    void channels() throws Exception {
        try (ServiceProcess service = ServiceProcess.start()) {
            assertThat(run("src/docs/channels.md", service)).isEqualTo(2);
        }
    }

    @Test
    void faults() throws Exception {
        try (ServiceProcess service = ServiceProcess.start()) {
            assertThat(run("src/docs/faults.md", service)).isGreaterThan(7);
        }
    }

    @Test
    void load() throws Exception {
        try (ServiceProcess service = ServiceProcess.start()) {
            assertThat(run("src/docs/load.md", service)).isEqualTo(1);
        }
    }

    @Test
    void access() throws Exception {
        environment.put("HOLDFAST_ACCESS_SECRET", SECRET);
        try (ServiceProcess service = ServiceProcess.start(
                "--holdfast.access.secret=" + SECRET, "--holdfast.access.anonymous.role=observer")) {
            assertThat(run("src/docs/access.md", service)).isEqualTo(4);
        }
    }

    /** Runs all commands of a page; the number of them. */
    private int run(String page, ServiceProcess service) throws Exception {
        Stream.of("bash", "curl", "nc", "npx", "script").forEach(Program::requireOnPath);
        replacements.put("localhost:8080", "localhost:" + service.http());
        replacements.put("localhost:8888", "localhost:" + service.ports().tcpEcho());
        replacements.put("localhost 8888", "localhost " + service.ports().tcpEcho());
        replacements.put("localhost 8889", "localhost " + service.ports().tcpLines());
        environment.put("HOLDFAST_CACHE", "off");
        environment.put("COLUMNS", "120");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("CURL_HOME", folder.toString());
        environment.put("npm_config_yes", "true");
        Files.writeString(folder.resolve(".curlrc"), "no-progress-meter\n");
        Files.createDirectories(folder.resolve("target"));
        Files.createSymbolicLink(folder.resolve("target/holdfast"), DISTRIBUTION);
        int commands = 0;
        try {
            Session last = null;
            for (String block : blocks(page)) {
                boolean shown = last != null && !block.startsWith("$ ");
                for (String line : lines(block)) {
                    if (line.startsWith("$ ")) {
                        last = start(line.substring(2));
                        commands++;
                    } else if (shown) {
                        expectAnywhere(line);
                    } else if (last != null) {
                        last.follow(line);
                    }
                }
            }
        } finally {
            sessions.forEach(Session::close);
        }
        return commands;
    }

    /** Blocks with commands, and those that follow one of them. */
    private static List<String> blocks(String page) throws IOException {
        List<String> blocks = new ArrayList<>();
        for (MatchResult match :
                BLOCK.matcher(Files.readString(ROOT.resolve(page))).results().toList()) {
            String block = match.group(2);
            if (match.group(1).isEmpty()
                    && !MEASURES.matcher(block).lookingAt()
                    && (block.startsWith("$ ") || block.startsWith("{") || block.startsWith("id: "))) {
                blocks.add(block);
            }
        }
        return blocks;
    }

    /** With each command on one line. */
    private static List<String> lines(String block) {
        return block.replaceAll(" \\\\\\n +", " ").lines().toList();
    }

    private Session start(String command) throws Exception {
        String actual = withActualPorts(command);
        for (Map.Entry<String, String> epoch : epochs.entrySet()) {
            actual = actual.replace(epoch.getKey() + ":", epoch.getValue() + ":");
        }
        Matcher assignment = ASSIGNMENT.matcher(actual);
        if (assignment.matches()) {
            String name = assignment.group(1);
            Session session = new Session(actual + "\nprintf '%s\\n' \"$" + name + "\"");
            environment.put(name, session.output().strip());
            return session;
        }
        if (SERVICE.matcher(actual).matches()) {
            int port = FreePort.any();
            replacements.put("localhost 8890", "localhost " + port);
            Session session = new Session(actual.replace("8890", String.valueOf(port))
                    + " --server.port=0 --holdfast.tcp.listeners.echo.port=0 --holdfast.tcp.listeners.lines.port=0");
            session.expect(Pattern.compile("Ports: "));
            return session;
        }
        return new Session(actual);
    }

    private String withActualPorts(String text) {
        String actual = text;
        for (Map.Entry<String, String> replacement : replacements.entrySet()) {
            actual = actual.replace(replacement.getKey(), replacement.getValue());
        }
        return actual;
    }

    /** One of the commands has printed it, or will. */
    private void expectAnywhere(String line) {
        if (!line.isEmpty()) {
            Pattern pattern = pattern(line);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sessions)
                            .as(line)
                            .anySatisfy(session -> assertThat(session.printed()).containsPattern(pattern)));
        }
    }

    /** What prints a line of the documentation. An epoch that was seen before is the same again. */
    private Pattern pattern(String documented) {
        String line = withActualPorts(documented);
        StringBuilder regex = new StringBuilder();
        Matcher variable = VARIABLE.matcher(line);
        int from = 0;
        while (variable.find()) {
            regex.append(Pattern.quote(line.substring(from, variable.start())));
            from = variable.end();
            if (variable.group("epoch") != null || variable.group("line") != null) {
                String known = epochs.get(variable.group());
                regex.append(known == null ? "(?<epoch" + variable.group() + ">[0-9a-z]+)" : known);
            } else if (variable.group("time") != null) {
                regex.append("[\\dT:.-]+Z");
            } else if (variable.group("connection") != null) {
                regex.append("c-\\w+-\\w+");
            } else if (variable.group("rest") != null) {
                regex.append(".*");
            } else if (variable.group("figure") != null) {
                regex.append("\\d[\\d,.]* (?:µs|ms|s)");
            } else if (variable.group("port") != null) {
                regex.append("127\\.0\\.0\\.1:\\d+");
            } else if (variable.group("version") != null) {
                regex.append("curl/[\\d.]+");
            } else if (variable.group("bytes") != null) {
                regex.append("\\d+");
            } else {
                regex.append("\\s+");
            }
        }
        return Pattern.compile(regex + Pattern.quote(line.substring(from)));
    }

    /** A command that runs, or has run. */
    private final class Session implements AutoCloseable {

        private final Process process;
        private final boolean terminal;
        private final StringBuilder printed = new StringBuilder();
        private int seen;

        Session(String command) throws IOException {
            terminal = command.startsWith("npx wscat");
            ProcessBuilder builder = terminal
                    ? new ProcessBuilder("script", "-qec", command, "/dev/null")
                    : new ProcessBuilder("bash", "-c", command);
            builder.directory(folder.toFile()).redirectErrorStream(true);
            builder.environment().putAll(environment);
            process = builder.start();
            sessions.add(this);
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            char[] buffer = new char[4_096];
            try (Reader reader = process.inputReader(StandardCharsets.UTF_8)) {
                for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
                    synchronized (printed) {
                        printed.append(
                                COLOUR.matcher(new String(buffer, 0, count)).replaceAll(""));
                    }
                }
            } catch (IOException closed) {
                // The test has ended.
            }
        }

        String printed() {
            synchronized (printed) {
                return printed.toString();
            }
        }

        /** All that it printed, once it has ended. */
        String output() throws InterruptedException {
            assertThat(process.waitFor(PATIENCE)).isTrue();
            await().untilAsserted(() -> assertThat(printed()).endsWith("\n"));
            return printed();
        }

        /** Sends an input, or waits for an output, in the order of the documentation. */
        void follow(String line) throws IOException {
            Matcher input = INPUT.matcher(line);
            if (line.equals("^C")) {
                close();
            } else if (input.matches()) {
                String text = input.group(1) != null ? input.group(1) : line;
                process.outputWriter()
                        .append(text)
                        .append(terminal ? "\r" : "\n")
                        .flush();
            } else if (!line.isEmpty()) {
                expect(pattern(line));
            }
        }

        void expect(Pattern pattern) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                String text = printed();
                Matcher matcher = pattern.matcher(text).region(seen, text.length());
                assertThat(matcher.find())
                        .as(() -> pattern + " in what was printed:\n" + text.substring(seen))
                        .isTrue();
                matcher.namedGroups()
                        .keySet()
                        .forEach(group -> epochs.put(group.substring("epoch".length()), matcher.group(group)));
                seen = matcher.end();
            });
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
