// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import io.holdfast.probe.client.BearerToken;
import io.holdfast.probe.client.Denials;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Trust;
import io.holdfast.probe.result.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads the metrics of a service that has an actuator. Safe from any thread. */
public final class Server {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * Metrics of one moment; null where the service does not have one.
     *
     * @param cpuNanos CPU time since its start
     * @param heapBytes heap in use, garbage included
     * @param liveBytes long-lived heap after the last full collection
     * @param connections open connections
     */
    public record Figures(
            @Nullable Double cpuNanos,
            @Nullable Double heapBytes,
            @Nullable Double liveBytes,
            @Nullable Double connections) {}

    private final HttpAddress address;
    private final HttpClient client;
    private final @Nullable BearerToken token;
    private volatile Ending.@Nullable Denied denied;

    /** Asks without a token. */
    public Server(HttpAddress address) {
        this(address, Trust.SYSTEM, null);
    }

    /**
     * @param trust whose certificates are accepted
     * @param token sent with each request; null for none
     */
    public Server(HttpAddress address, Trust trust, @Nullable BearerToken token) {
        this.address = address;
        this.token = token;
        // A redirect could send the token to somebody else.
        this.client = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(trust.forJdk())
                .build();
    }

    /** Whether it has metrics. */
    public boolean answers() throws InterruptedException {
        return metric("process.cpu.time") != null;
    }

    /** Its refusal to be asked; null if it did not refuse. */
    public Ending.@Nullable Denied denied() {
        return denied;
    }

    Figures figures() throws InterruptedException {
        return new Figures(
                metric("process.cpu.time"),
                metric("jvm.memory.used?tag=area:heap"),
                metric("jvm.gc.live.data.size"),
                metric("holdfast.connections.open"));
    }

    private @Nullable Double metric(String name) throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address.at("/actuator/metrics/" + name)).timeout(PATIENCE);
        if (token != null) {
            request.header("Authorization", token.header());
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (Denials.isDenial(response.statusCode())) {
                denied = Denials.ofStatus(response.statusCode(), response.body(), token);
            }
            return response.statusCode() == 200
                    ? Json.read(response.body())
                            .path("measurements")
                            .path(0)
                            .path("value")
                            .doubleValue()
                    : null;
        } catch (IOException | JacksonException e) {
            return null;
        }
    }
}
