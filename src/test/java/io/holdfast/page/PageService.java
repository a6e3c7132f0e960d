// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.HoldfastApplication;
import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.support.FreePort;
import io.holdfast.support.PlainRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** The whole application, which can be stopped and started again on the same ports. */
final class PageService implements AutoCloseable {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int http = FreePort.any();
    private final String[] settings;
    private int tcpEcho = FreePort.any();
    private ConfigurableApplicationContext running;

    /** Starts it with {@code settings}, and defaults otherwise, such as {@code --server.address=::1}. */
    PageService(String... settings) {
        this.settings = settings;
        this.running = run();
    }

    String url() {
        boolean isSecure = Stream.of(settings).anyMatch(setting -> setting.startsWith("--server.ssl."));
        return (isSecure ? "https" : "http") + "://127.0.0.1:" + http + "/";
    }

    int http() {
        return http;
    }

    /** Publishes over HTTP, as any other client does. */
    void publish(String channel, String json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "channels/" + channel))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        assertThat(client.sendAsync(request, BodyHandlers.ofString()).join().statusCode())
                .isEqualTo(201);
    }

    /** Closes all connections that are called {@code label}, as an operator does. */
    void kick(String label) throws IOException {
        for (String id : connections(label)) {
            PlainRequest.send(http, "DELETE", "/actuator/connections/" + id);
        }
    }

    /** The ids of the open connections that are called {@code label}. */
    List<String> connections(String label) throws IOException {
        JsonNode list = PlainRequest.get(http, "/actuator/connections").json();
        return list.get("connections")
                .valueStream()
                .filter(row -> row.path("label").asString("").equals(label))
                .map(row -> row.get("id").asString())
                .toList();
    }

    int tcpEcho() {
        return tcpEcho;
    }

    /** Stops the service, takes {@code steps} and starts it again, its TCP echo elsewhere. */
    void whileAway(Runnable steps) {
        running.close();
        try {
            steps.run();
        } finally {
            tcpEcho = FreePort.any();
            running = run();
        }
    }

    Traffic.Counts traffic(Transport transport) {
        return running.getBean(Traffic.class).of(transport);
    }

    void awaitNoConnections() {
        await("connections to end")
                .untilAsserted(() -> assertThat(Transport.values())
                        .allSatisfy(transport ->
                                assertThat(traffic(transport).open()).isZero()));
    }

    @Override
    public void close() {
        client.close();
        running.close();
    }

    private ConfigurableApplicationContext run() {
        return SpringApplication.run(
                HoldfastApplication.class,
                Stream.concat(
                                Stream.of(
                                        "--server.port=" + http,
                                        "--holdfast.tcp.listeners.echo.port=" + tcpEcho,
                                        "--holdfast.tcp.listeners.lines.port=0",
                                        "--holdfast.drain.window=100ms"),
                                Stream.of(settings))
                        .toArray(String[]::new));
    }
}
