// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a stream of events with time stamps, and records when they arrive. Confined to its event loop, except for
 * {@link #start}, {@link #result} and {@link #stop}.
 */
final class ArrivalCheck implements Listener {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int EVENTS = 30;
    private static final long INTERVAL_MILLIS = 100;

    private final List<ArrivalPattern.Arrival> arrivals = new ArrayList<>();
    private final CompletableFuture<List<ArrivalPattern.Arrival>> all = new CompletableFuture<>();

    private final ClientConnection stream;

    private ArrivalCheck(Client client, Routes routes, ProbedTransport transport) {
        stream = client.open(routes.ticks(transport, EVENTS, INTERVAL_MILLIS), this);
        stream.after(routes.plan().patience().plusMillis(2 * EVENTS * INTERVAL_MILLIS), stream::abort);
    }

    static ArrivalCheck start(Client client, Routes routes, ProbedTransport transport) {
        return new ArrivalCheck(client, routes, transport);
    }

    /** The result; null if the stream has no time stamps, or too few events came. Blocks. */
    @Nullable
    ArrivalPattern result() {
        List<ArrivalPattern.Arrival> arrived = all.join();
        return arrived.size() < EVENTS / 2 ? null : ArrivalPattern.of(arrived);
    }

    void stop() {
        stream.abort();
    }

    @Override
    public void message(ClientConnection connection, ByteBuf data) {
        try {
            String time = JSON.readTree(SilenceTrial.text(data)).path("time").asString("");
            arrivals.add(new ArrivalPattern.Arrival(Instant.parse(time).toEpochMilli(), connection.lastByteAt()));
        } catch (JacksonException | DateTimeParseException e) {
            // Without a time stamp nothing can be measured.
        }
    }

    @Override
    public void ended(ClientConnection connection, Ending ending) {
        all.complete(List.copyOf(arrivals));
    }
}
