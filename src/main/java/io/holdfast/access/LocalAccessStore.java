// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.holdfast.time.MonotonicClock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The store of a node that is alone: in memory, so that a restart forgets it. */
final class LocalAccessStore implements AccessStore {

    /** Tickets at the same time; over it, some are forgotten early. */
    private static final int MOST_TICKETS = 10_000;

    private record Ticket(String owner, Duration validity) {}

    private final Cache<String, Ticket> tickets;
    private volatile @Nullable Listener listener;

    LocalAccessStore(MonotonicClock clock) {
        this.tickets = Caffeine.newBuilder()
                .maximumSize(MOST_TICKETS)
                .ticker(clock::nanos)
                .expireAfter(Expiry.<String, Ticket>creating((id, ticket) -> ticket.validity()))
                .build();
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public CompletionStage<Void> revoke(Revocation revocation) {
        Objects.requireNonNull(listener).revoked(revocation);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> disconnect(String subject) {
        Objects.requireNonNull(listener).disconnected(subject);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> put(String id, String owner, Duration validity) {
        tickets.put(id, new Ticket(owner, validity));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Optional<String>> take(String id) {
        return CompletableFuture.completedStage(
                Optional.ofNullable(tickets.asMap().remove(id)).map(Ticket::owner));
    }

    @Override
    public void listen(Listener heard) {
        listener = heard;
    }
}
