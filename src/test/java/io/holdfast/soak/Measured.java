package io.holdfast.soak;

import io.holdfast.support.ClassHistogram;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the process of the service uses, by its own metrics and by {@code jcmd}. */
record Measured(ServiceProcess service) {

    /** Bytes of all objects that a full collection leaves. What arises after it does not count. */
    long liveHeap() throws IOException, InterruptedException {
        return histogram().bytes();
    }

    /** Open file descriptors, as the kernel lists them. */
    long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(service.pid()), "fd"))) {
            return files.count();
        }
    }

    long threads() throws IOException {
        return metric("jvm.threads.live");
    }

    /** How many connections it lists. */
    int connections() throws IOException {
        return PlainRequest.get(service.http(), "/actuator/connections?size=1")
                .json()
                .path("total")
                .asInt();
    }

    int subscribers(String channel) throws IOException {
        return PlainRequest.get(service.http(), "/actuator/channels/" + channel)
                .json()
                .path("subscribers")
                .asInt();
    }

    /** It does a full collection first. */
    ClassHistogram histogram() throws IOException, InterruptedException {
        return ClassHistogram.parse(jcmd("GC.class_histogram"));
    }

    private long metric(String name) throws IOException {
        PlainRequest.Answer answer = PlainRequest.get(service.http(), "/actuator/metrics/" + name);
        if (answer.status() != 200) {
            throw new IOException(name + ": " + answer);
        }
        return answer.json().at("/measurements/0/value").asLong();
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(program, String.valueOf(service.pid()), command)
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + printed);
        }
        return printed;
    }
}
