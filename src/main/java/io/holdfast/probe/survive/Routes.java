// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Target;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The targets of a plan's connections. */
record Routes(Plan plan) {

    /** The target of one connection. {@code label} is its name in the service's list. */
    Target target(ProbedTransport transport, Trial trial, String label) {
        return switch (transport) {
            case HTTP, SSE ->
                new Target.HttpStream(
                        url(plan.streamPath(), streamQuery(trial) + "&label=" + label),
                        accept(transport),
                        null,
                        plan.protocol());
            case WEBSOCKET ->
                new Target.WebSocket(
                        url(plan.webSocketPath(), webSocketQuery(trial) + "&label=" + label), plan.protocol());
            case KEEPALIVE -> new Target.HttpPost(http().at(Plan.REQUEST_PATH), "text/plain", plan.protocol());
            case TCP -> new Target.Tcp(Objects.requireNonNull(plan.tcp()));
            case LINES -> new Target.Lines(Objects.requireNonNull(plan.lines()));
        };
    }

    /** A stream is silent between two ticks. The second one shows that it is alive. */
    private static String streamQuery(Trial trial) {
        String heartbeat =
                trial.heartbeat() == null ? "none" : trial.heartbeat().toMillis() + "ms";
        return "interval=" + trial.time().toMillis() + "ms&heartbeat=" + heartbeat;
    }

    /** Heartbeats with data are not answered by clients, and pings of clients not by the service. */
    private static String webSocketQuery(Trial trial) {
        return switch (trial.sender()) {
            case BOTH -> "heartbeat=none";
            case CLIENT -> "heartbeat=none&pong=none";
            case SERVICE ->
                "heartbeat=data&heartbeat-interval="
                        + Objects.requireNonNull(trial.heartbeat()).toMillis() + "ms";
        };
    }

    /** Whether the service can be told who sends. */
    boolean isOneWayPossible(ProbedTransport transport) {
        return transport == ProbedTransport.WEBSOCKET && plan.webSocketPath().equals(Plan.WEBSOCKET_PATH);
    }

    /** {@code count} ticks, one every {@code intervalMillis}. */
    Target.HttpStream ticks(ProbedTransport transport, int count, long intervalMillis) {
        String query = "interval=" + intervalMillis + "ms&count=" + count + "&heartbeat=none";
        return new Target.HttpStream(url(plan.streamPath(), query), accept(transport), null, plan.protocol());
    }

    private static String accept(ProbedTransport transport) {
        return transport == ProbedTransport.SSE ? "text/event-stream" : "application/x-ndjson";
    }

    private URI url(String path, String query) {
        return http().at(path + (path.contains("?") ? "&" : "?") + query);
    }

    private HttpAddress http() {
        return Objects.requireNonNull(plan.http());
    }

    /** A transport's target, as text. */
    String shown(ProbedTransport transport) {
        return switch (transport) {
            case HTTP, SSE -> http().at(plan.streamPath()).toString();
            case WEBSOCKET -> http().at(plan.webSocketPath()).toString().replaceFirst("^http", "ws");
            case KEEPALIVE -> http().at(Plan.REQUEST_PATH).toString();
            case TCP -> String.valueOf(plan.tcp());
            case LINES -> String.valueOf(plan.lines());
        };
    }

    /** The question that tests a connection; null if only the server sends. */
    @Nullable
    Question question(ProbedTransport transport, int helloBytes) {
        return switch (transport) {
            case HTTP, SSE -> null;
            case WEBSOCKET ->
                plan.webSocketPath().equals(Plan.WEBSOCKET_PATH) ? new Question.Text() : new Question.Ping();
            case KEEPALIVE -> new Question.Text();
            case TCP -> new Question.Bytes(helloBytes);
            case LINES -> new Question.Line();
        };
    }
}
