// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.github.bucket4j.Bucket;
import io.holdfast.time.BucketTime;
import io.holdfast.time.MonotonicClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an identity provider, as they were when they were last fetched. Safe from any thread.
 *
 * <p>A token whose key is known does not wait: known keys are fetched again in the background, and continue to be used
 * while their server is away. A token whose key is not known waits until the keys have been fetched; tokens that come
 * meanwhile share that fetch. How often keys are fetched is limited, whatever keys the tokens name.
 *
 * <p>Nimbus has caches for this, but they can't tell an unknown key from a server that is away, and while one thread
 * fetches expired keys all others wait.
 */
final class IssuerKeys implements JWKSource<SecurityContext> {

    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);

    /** Older keys are fetched again. */
    static final Duration REFRESH = Duration.ofMinutes(4);

    /** Older keys are used only if they can't be fetched again: one of them may have been withdrawn. */
    static final Duration STALE = Duration.ofMinutes(5);

    /** For how long known keys are used while their server is away. */
    static final Duration OUTAGE = Duration.ofHours(24);

    /** The longest time that a token waits. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Fetches in a row, so that a new key is found at once although somebody tries some that do not exist. */
    static final int AT_ONCE = 5;

    /** The time between further ones, and so the longest until a new key is found. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private record Known(JWKSet keys, long fetched) {}

    private final KeyServer server;
    private final MonotonicClock clock;
    private final Bucket fetches;

    private volatile @Nullable Known known;
    /** Whether the last fetch failed. */
    private volatile boolean isAway;

    private @Nullable CompletableFuture<JWKSet> running;

    IssuerKeys(KeyServer server, MonotonicClock clock) {
        this.server = server;
        this.clock = clock;
        this.fetches = Bucket.builder()
                .addLimit(limit -> limit.capacity(AT_ONCE).refillGreedy(1, INTERVAL))
                .withCustomTimePrecision(BucketTime.of(clock))
                .build();
    }

    /** @throws KeySourceException if the key is not known, and its server is away */
    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        JWKSet usable = usable();
        List<JWK> found = usable == null ? List.of() : selector.select(usable);
        return found.isEmpty() ? selector.select(newest()) : found;
    }

    private @Nullable JWKSet usable() {
        Known now = known;
        if (isOlder(now, REFRESH)) {
            CompletableFuture<JWKSet> fetch = fetch();
            if (fetch != null && isOlder(now, STALE) && !isAway) {
                // Those that are known may do if it fails.
                fetch.handle((keys, failure) -> keys).join();
                now = known;
            }
        }
        return now == null || isOlder(now, OUTAGE) ? null : now.keys();
    }

    /** False if nothing is known. */
    private boolean isOlder(@Nullable Known keys, Duration age) {
        return keys != null && clock.nanos() - keys.fetched() > age.toNanos();
    }

    private JWKSet newest() throws KeySourceException {
        CompletableFuture<JWKSet> fetch = fetch();
        if (fetch == null) {
            Known now = known;
            if (now == null || isAway) {
                throw new RemoteKeySourceException("The keys could not be fetched a moment ago", null);
            }
            return now.keys();
        }
        try {
            return fetch.join();
        } catch (CompletionException e) {
            throw new RemoteKeySourceException("The keys can't be fetched", e.getCause());
        }
    }

    /** The fetch that runs, or another one; null if there were too many. */
    private synchronized @Nullable CompletableFuture<JWKSet> fetch() {
        if (running == null || running.isDone()) {
            running = fetches.tryConsume(1) ? start() : null;
        }
        return running;
    }

    private CompletableFuture<JWKSet> start() {
        CompletableFuture<JWKSet> fetch = new CompletableFuture<>();
        long now = clock.nanos();
        Thread thread = Thread.ofVirtual().name("access-keys").start(() -> {
            try {
                fetch.complete(server.fetch());
            } catch (Exception e) {
                fetch.completeExceptionally(e);
            }
        });
        // Before those that wait go on, so that the next token finds what they found. Not on the JDK's thread for
        // timeouts.
        return fetch.orTimeout(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
                .whenCompleteAsync(
                        (keys, failure) -> {
                            thread.interrupt();
                            if (failure == null) {
                                fetched(new Known(keys, now));
                            } else {
                                failed(failure);
                            }
                        },
                        Thread::startVirtualThread);
    }

    private void fetched(Known keys) {
        known = keys;
        if (isAway) {
            log.info("The keys of the tokens' issuer are fetched again from {}", server);
        }
        isAway = false;
    }

    private void failed(Throwable failure) {
        if (!isAway) {
            log.warn(
                    "The keys of the tokens' issuer can't be fetched from {}: {}. Known keys are used for {} h",
                    server,
                    Shown.text(reason(failure)),
                    OUTAGE.toHours());
        }
        isAway = true;
    }

    private static String reason(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "no complete answer within " + PATIENCE.toSeconds() + " s";
        }
        Throwable[] causes = failure.getSuppressed();
        return String.valueOf(causes.length == 0 ? failure : causes[0]);
    }
}
