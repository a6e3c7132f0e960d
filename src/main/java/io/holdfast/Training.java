// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import io.holdfast.probe.Commands;
import io.holdfast.tcp.TcpListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A short life of the service, under load on free ports of this machine. The JVM that runs it keeps which classes were
 * loaded and which methods were hot, for later starts: the launcher {@code holdfast} has it create its start cache.
 */
final class Training {

    private Training() {}

    /**
     * Runs it.
     *
     * @throws IOException if the service did not answer a request
     * @throws IllegalStateException if it did not answer the load
     */
    public static void main(String[] arguments) throws IOException {
        SpringApplication application = new SpringApplication(HoldfastApplication.class);
        application.setMainApplicationClass(HoldfastApplication.class);
        try (ConfigurableApplicationContext service = application.run(
                "--server.port=0", "--holdfast.tcp.listeners.echo.port=0", "--holdfast.tcp.listeners.lines.port=0")) {
            String web = "localhost:" + service.getEnvironment().getRequiredProperty("local.server.port");
            TcpListener tcp = service.getBean(TcpListener.class);
            String echo = "localhost:" + tcp.ports().get(TcpListener.ECHO);
            String lines = "localhost:" + tcp.ports().get(TcpListener.LINES);
            String http = "http://" + web;
            get(http + "/actuator/health/readiness");
            get(http + "/actuator/prometheus");
            get(http + "/");
            load("echo", "--tcp", echo, "--ws", "ws://" + web + "/echo", "--http", http + "/echo");
            load(
                    "fan",
                    "--sse",
                    http + "/channels/fan",
                    "--ws",
                    "ws://" + web + "/channels",
                    "--lines",
                    lines,
                    "--hello",
                    "{\"type\":\"subscribe\",\"channel\":\"fan\"}",
                    "--publish",
                    http + "/channels/fan");
        }
        // Threads of libraries may run on.
        System.exit(Commands.WELL);
    }

    private static void load(String... command) {
        List<String> words = new ArrayList<>(List.of("load"));
        words.addAll(List.of(command));
        words.addAll(List.of("--connections", "100", "--warmup", "500ms", "--duration", "1s"));
        int code = Commands.run(words.toArray(String[]::new));
        // On a busy machine a message may come too late to count. The methods are hot nevertheless.
        if (code != Commands.WELL && code != Commands.WRONG) {
            throw new IllegalStateException(code + " was the exit code of " + String.join(" ", words));
        }
    }

    /** What a new service is asked first. */
    private static void get(String url) throws IOException {
        try (InputStream answer = URI.create(url).toURL().openStream()) {
            answer.transferTo(OutputStream.nullOutputStream());
        }
    }
}
