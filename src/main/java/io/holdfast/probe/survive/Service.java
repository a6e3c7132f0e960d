package io.holdfast.probe.survive;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Listener;
import io.holdfast.probe.client.Target;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the connections and metrics of a Holdfast from its actuator, if allowed. Blocks; safe from any thread. */
final class Service {

    private static final JsonMapper JSON = new JsonMapper();

    private final Client client;
    private final Plan plan;
    private volatile Ending.@Nullable Denied denied;

    Service(Client client, Plan plan) {
        this.client = client;
        this.plan = plan;
    }

    /** Its open connections; null if unknown. */
    @Nullable
    Listing listing() {
        // Newest first, so ours are among them.
        JsonNode page = ask("/actuator/connections?sort=-id&size=1000");
        if (page == null || !page.path("connections").isArray()) {
            return null;
        }
        Set<String> names = new HashSet<>();
        for (JsonNode row : page.path("connections")) {
            names.add(row.path("id").asString(""));
            names.add(row.path("label").asString(""));
            if (row.path("kind").asString("").equals("echo")) {
                names.add(Listing.echoed(
                        row.path("transport").asString(""), row.path("bytesIn").asLong(-1)));
            }
        }
        return new Listing(names);
    }

    /** How many connections it has closed as idle; null if unknown. */
    @Nullable
    Long closedAsIdle(ProbedTransport transport) {
        String tag = transport.isTcp() ? "tcp" : transport == ProbedTransport.WEBSOCKET ? "websocket" : "http";
        JsonNode meter = ask("/actuator/metrics/holdfast.connections.closed?tag=transport:" + tag + "&tag=reason:idle");
        JsonNode value = meter == null
                ? JSON.missingNode()
                : meter.path("measurements").path(0).path("value");
        return value.isNumber() ? value.asLong() : null;
    }

    private @Nullable JsonNode ask(String path) {
        HttpAddress http = plan.http();
        if (http == null) {
            return null;
        }
        Answer answer = new Answer();
        ClientConnection asked =
                client.open(new Target.HttpStream(http.at(path), "application/json", null, plan.protocol()), answer);
        asked.after(plan.patience(), asked::abort);
        JsonNode body = answer.body.join();
        if (asked.ending() instanceof Ending.Denied refusal) {
            denied = refusal;
        }
        return body;
    }

    /** Its refusal to be asked; null if it did not refuse. */
    Ending.@Nullable Denied denied() {
        return denied;
    }

    /** The body of one successful JSON answer. Confined to its event loop, except for the future. */
    private static final class Answer implements Listener {

        private final CompletableFuture<@Nullable JsonNode> body = new CompletableFuture<>();
        private String text = "";

        @Override
        public void message(ClientConnection connection, ByteBuf data) {
            text += SilenceTrial.text(data);
        }

        @Override
        public void ended(ClientConnection connection, Ending ending) {
            body.complete(ending instanceof Ending.Complete ? read(text) : null);
        }

        private static @Nullable JsonNode read(String text) {
            try {
                return JSON.readTree(text);
            } catch (JacksonException e) {
                return null;
            }
        }
    }
}
