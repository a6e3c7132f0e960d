// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Listener;
import io.holdfast.probe.client.Target;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the connections of a Holdfast from its actuator, if allowed. Blocks; safe from any thread. */
final class Service {

    private static final JsonMapper JSON = new JsonMapper();

    private final Client client;
    private final Plan plan;
    private volatile Ending.@Nullable Denied denied;

    Service(Client client, Plan plan) {
        this.client = client;
        this.plan = plan;
    }

    /** Its connections, open or closed a short time ago; null if unknown. */
    @Nullable
    Listing listing() {
        // Newest first, so ours are among them. Those that are closed first: one may close in between.
        List<JsonNode> closed = rows("&state=closed");
        List<JsonNode> open = rows("");
        if (open == null) {
            return null;
        }
        Map<String, Listing.Seen> seen = new HashMap<>();
        if (closed != null) {
            closed.reversed().forEach(row -> add(row, seen));
        }
        open.forEach(row -> add(row, seen));
        return new Listing(seen);
    }

    /** How long it lets an HTTP connection wait for a request; null if unknown. */
    @Nullable
    Duration keepAlive() {
        JsonNode info = ask("/actuator/info");
        long millis = info == null ? 0 : info.at("/http/keepAliveMillis").asLong(0);
        return millis > 0 ? Duration.ofMillis(millis) : null;
    }

    private @Nullable List<JsonNode> rows(String query) {
        JsonNode page = ask("/actuator/connections?sort=-id&size=1000" + query);
        return page == null || !page.path("connections").isArray()
                ? null
                : List.copyOf(page.path("connections").values());
    }

    private static void add(JsonNode row, Map<String, Listing.Seen> seen) {
        boolean open = !row.path("state").asString("open").equals("closed");
        Listing.Seen one =
                new Listing.Seen(open, open ? null : row.path("reason").asString(null));
        seen.put(row.path("id").asString(""), one);
        seen.put(row.path("label").asString(""), one);
        if (row.path("kind").asString("").equals("echo")) {
            seen.put(
                    Listing.echoed(
                            row.path("transport").asString(""),
                            row.path("bytesIn").asLong(-1)),
                    one);
        }
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
