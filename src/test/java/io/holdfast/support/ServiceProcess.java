// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import io.holdfast.connection.Transport;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The service as an operator runs it: a process of its own, on free ports. It is killed if it is still there at the end. */
public final class ServiceProcess implements AutoCloseable {

    private static final Pattern HTTP = Pattern.compile("Ports: HTTP (\\d+)(?:, actuator (\\d+))?;");
    private static final Pattern COMPLAINT = Pattern.compile("\\s(WARN|ERROR)\\s+\\d+ --- |^\tat ");
    private static final Duration START = Duration.ofMinutes(2);

    /** Without the second compiler, which takes more time than it saves in a short life; but TLS is slow without it. */
    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    static final List<String> FREE_PORTS =
            List.of("--server.port=0", "--holdfast.tcp.listeners.echo.port=0", "--holdfast.tcp.listeners.lines.port=0");

    private final Process process;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Void> endOfLog = new CompletableFuture<>();
    private final Ports ports;
    private final int management;
    private final List<Integer> tls = new ArrayList<>();

    private ServiceProcess(Process process, boolean tls) throws Exception {
        this.process = process;
        List<Integer> http = started().get(START.toSeconds(), TimeUnit.SECONDS);
        this.management = http.getLast();
        if (tls) {
            speakTls(http);
        }
        Map<String, Integer> listeners = PlainRequest.get(management, "/actuator/info")
                .json()
                .at("/tcp/listeners")
                .propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, port -> port.getValue().asInt()));
        this.ports = Ports.of(http.getFirst(), listeners);
        if (tls) {
            speakTls(listeners.values());
        }
    }

    private void speakTls(Collection<Integer> spoken) {
        tls.addAll(spoken);
        TlsPorts.add(spoken, TestBundle.client());
    }

    /** Starts it with {@code settings}, and defaults otherwise, such as {@code --holdfast.drain.window=3s}. */
    public static ServiceProcess start(String... settings) throws Exception {
        return start(List.of(), settings);
    }

    /** As {@link #start(String...)}, with options for its JVM, such as {@code -Xmx256m}. */
    public static ServiceProcess start(List<String> options, String... settings) throws Exception {
        return start(List.of(), options, false, settings);
    }

    /** As {@link #start(List, String...)}, with TLS on all ports, which each {@link TestSocket} speaks to them. */
    public static ServiceProcess startWithTls(List<String> options, String... settings) throws Exception {
        return start(List.of(), options, true, settings);
    }

    /** As {@link #start(String...)}, with at most {@code files} file descriptors. */
    public static ServiceProcess startWithFiles(int files, String... settings) throws Exception {
        return start(List.of("bash", "-c", "ulimit -n " + files + "; exec \"$@\"", "bash"), List.of(), false, settings);
    }

    private static ServiceProcess start(List<String> launcher, List<String> options, boolean tls, String... settings)
            throws Exception {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(StartArchive.command(java(), options(options, tls), classPath()));
        command.addAll(FREE_PORTS);
        command.addAll(List.of(settings));
        if (tls) {
            command.add("--server.ssl.bundle=test");
            TestBundle.settings().forEach((name, value) -> command.add("--" + name + "=" + value));
            TestBundle.onListeners(command.stream().map(argument -> argument.replaceFirst("^--([^=]*)=.*", "$1")))
                    .forEach(name -> command.add("--" + name + "=test"));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            return new ServiceProcess(process, tls);
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static List<String> options(List<String> given, boolean tls) {
        return tls ? given : Stream.concat(Stream.of(QUICK), given.stream()).toList();
    }

    private static List<String> java() {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.equals("-XX:+UseCompactObjectHeaders"))
                .forEach(java::add);
        return java;
    }

    /** Without the tests, whose settings for other applications would be found. */
    private static List<String> classPath() throws URISyntaxException {
        String tests = Path.of(ServiceProcess.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).equals(Path.of(tests)))
                .toList();
    }

    /** The ports of HTTP that it listens on, the actuator's own one last, once it has started. Its log is read to the end in any case, or it would have to wait. */
    private CompletableFuture<List<Integer>> started() {
        CompletableFuture<List<Integer>> ports = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("log of the service").start(() -> {
            List<Integer> http = new ArrayList<>();
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    log.add(line);
                    Matcher matcher = HTTP.matcher(line);
                    if (matcher.find()) {
                        Stream.of(matcher.group(1), matcher.group(2))
                                .filter(Objects::nonNull)
                                .map(Integer::valueOf)
                                .forEach(http::add);
                        ports.complete(http);
                    }
                }
            } catch (IOException e) {
                log.add(e.toString());
            }
            endOfLog.complete(null);
            ports.completeExceptionally(new IllegalStateException("It ended at its start:\n" + log()));
        });
        return ports;
    }

    /** The port of the actuator, which may be one of its own. */
    public int management() {
        return management;
    }

    /** The port that connections of this kind go to. */
    public int port(Transport transport) {
        return transport == Transport.TCP ? ports.tcpEcho() : http();
    }

    public int http() {
        return ports.http();
    }

    public Ports ports() {
        return ports;
    }

    public long pid() {
        return process.pid();
    }

    /** Stops the process, as a suspended machine does, until it is continued. */
    public void pause() throws Exception {
        signal("-STOP");
    }

    /** Continues it. */
    public void resume() throws Exception {
        signal("-CONT");
    }

    /** Lets it have at most {@code files} file descriptors from now on. It may have more of them already. */
    public void limitFiles(int files) throws Exception {
        run("prlimit", "--pid", String.valueOf(process.pid()), "--nofile=" + files + ":");
    }

    private void signal(String name) throws Exception {
        run("kill", name, String.valueOf(process.pid()));
    }

    private static void run(String... command) throws Exception {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }

    /** What a full collection leaves in it. */
    public ClassHistogram histogram() throws IOException, InterruptedException {
        return ClassHistogram.parse(jcmd("GC.class_histogram"));
    }

    /** What its JVM answers to a command of {@code jcmd}. */
    public String jcmd(String command) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process jcmd = new ProcessBuilder(program, String.valueOf(pid()), command)
                .redirectErrorStream(true)
                .start();
        String printed = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException(command + ": " + printed);
        }
        return printed;
    }

    /** The value of one of its metrics, such as {@code jvm.memory.used?tag=area:heap}. */
    public double metric(String name) throws IOException {
        PlainRequest.Answer answer = PlainRequest.get(management, "/actuator/metrics/" + name);
        if (answer.status() != 200) {
            throw new IOException(name + ": " + answer);
        }
        return answer.json().at("/measurements/0/value").asDouble();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for its end, and for that of its log; false if it is still there after {@code patience}. */
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (ended) {
            endOfLog.join();
        }
        return ended;
    }

    /** What it logged so far. */
    public String log() {
        synchronized (log) {
            return String.join("\n", log);
        }
    }

    /** What it logged so far about something that is wrong: warnings, errors and stack traces. */
    public List<String> complaints() {
        return log().lines().filter(COMPLAINT.asPredicate()).toList();
    }

    @Override
    public void close() {
        TlsPorts.remove(tls);
        process.destroyForcibly();
    }
}
