// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.redis.AccessCodec.bytes;

import io.holdfast.access.AccessStore;
import io.holdfast.access.Revocation;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all nodes on one Redis share about access: a hash of all revocations, a pub/sub channel that announces them,
 * and a key for each ticket. What has ended is removed.
 *
 * <p>It is ready while no revocation can be missed: its subscription is confirmed, everything that was stored has been
 * read after that, and Redis answers. After each loss it subscribes first and then reads again. A connection that ends
 * is noticed at once. Other losses are noticed by a check each second, which fails after the timeout of commands.
 *
 * <p>Safe from any thread; its state is confined to the connector's thread. A command that fails may have been done.
 */
final class RedisAccessStore implements AccessStore {

    private static final Logger log = LoggerFactory.getLogger(RedisAccessStore.class);

    /** The interval at which a loss is looked for, and a failed reading is tried again. */
    private static final Duration CHECKS = Duration.ofSeconds(1);

    /** Revocations that are read at once: meanwhile, Redis does nothing else. */
    private static final byte[] PAGE = bytes("1000");

    private static final String START = "0";

    private final RedisConnector redis;
    private final PubSubSubscriptions subscriptions;
    private final AccessKeys keys;
    private final AtomicBoolean complained = new AtomicBoolean();

    private volatile @Nullable Listener listener;
    private volatile boolean ready;

    // Confined to the connector's thread.
    private boolean subscribed;
    private boolean asking;
    private int losses;

    RedisAccessStore(RedisConnector redis, PubSubSubscriptions subscriptions, String prefix) {
        this.redis = redis;
        this.subscriptions = subscriptions;
        this.keys = new AccessKeys(prefix);
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void listen(Listener heard) {
        listener = heard;
        subscriptions.keep(keys.announced(), new Announcements());
        redis.repeat(CHECKS, this::check);
    }

    @Override
    public CompletionStage<Void> revoke(Revocation revocation) {
        return run(
                LuaScript.REVOKE,
                keys.revocations(),
                bytes(AccessCodec.refused(revocation)),
                bytes(AccessCodec.end(revocation)),
                publish(),
                bytes(keys.announced()),
                AccessCodec.announce(revocation));
    }

    @Override
    public CompletionStage<Void> disconnect(String subject) {
        return run(
                LuaScript.ANNOUNCE,
                keys.revocations(),
                publish(),
                bytes(keys.announced()),
                AccessCodec.announceDisconnect(subject));
    }

    private byte[] publish() {
        return bytes(redis.isSharded() ? "SPUBLISH" : "PUBLISH");
    }

    @Override
    public CompletionStage<Void> put(String id, String owner, Duration validity) {
        return run(LuaScript.PUT_TICKET, keys.ticket(id), bytes(owner), bytes(String.valueOf(validity.toMillis())));
    }

    @Override
    public CompletionStage<Optional<String>> take(String id) {
        return redis.run(LuaScript.TAKE_TICKET, new String[] {keys.ticket(id)})
                .thenApply(answer -> answer.stream().findFirst().map(owner -> AccessCodec.text((byte[]) owner)));
    }

    private CompletionStage<Void> run(LuaScript script, String key, byte[]... arguments) {
        return redis.run(script, new String[] {key}, arguments).thenAccept(answer -> {});
    }

    /** Asks Redis while it is ready, so that it notices a loss; else tries to become ready. */
    private void check() {
        RedisConnections now = redis.servers();
        if (!ready) {
            read();
        } else if (now != null) {
            ask(() -> answers(now));
        }
    }

    private void read() {
        RedisConnections now = redis.servers();
        if (subscribed && !ready && now != null) {
            ask(() -> answers(now).thenCompose(nothing -> readFrom(START)));
        }
    }

    /** Is ready afterwards, unless it failed or the subscription was lost meanwhile. One at a time. */
    private void ask(Supplier<CompletionStage<Void>> question) {
        if (asking) {
            return;
        }
        asking = true;
        int before = losses;
        // Also if it throws.
        CompletableFuture.<Void>completedStage(null)
                .thenCompose(nothing -> question.get())
                .whenComplete((nothing, failure) -> redis.execute(() -> {
                    asking = false;
                    if (failure != null) {
                        log.debug("Revocations can't be read", failure);
                        outdated();
                    } else if (losses == before) {
                        ready = true;
                    } else {
                        read();
                    }
                }));
    }

    /** Fails if a revocation could not be stored now, or the server that has them does not answer. */
    private CompletionStage<Void> answers(RedisConnections now) {
        return now.check().thenCombine(now.commands().hlen(keys.revocations()), (available, stored) -> {
            if (!available) {
                throw RedisConnector.unavailable();
            }
            return null;
        });
    }

    /** A revocation that is stored meanwhile may be left out, and is announced. */
    private CompletionStage<Void> readFrom(String cursor) {
        return redis.run(LuaScript.REVOCATIONS, new String[] {keys.revocations()}, bytes(cursor), PAGE)
                .thenCompose(answer -> {
                    hear(answer);
                    String next = AccessCodec.text((byte[]) answer.getFirst());
                    return next.equals(START) ? CompletableFuture.completedStage(null) : readFrom(next);
                });
    }

    private void hear(List<Object> answer) {
        for (int i = 1; i < answer.size(); i += 2) {
            byte[] refused = (byte[]) answer.get(i);
            byte[] end = (byte[]) answer.get(i + 1);
            Revocation revocation = parsed(() -> AccessCodec.stored(refused, end));
            if (revocation != null) {
                listener().revoked(revocation);
            }
        }
    }

    /** Null if it can't be: another version may have written it. */
    private <T> @Nullable T parsed(Supplier<T> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            if (complained.compareAndSet(false, true)) {
                log.warn(
                        "Something about access that is in Redis or was announced there can't be read, and is skipped");
            }
            return null;
        }
    }

    private Listener listener() {
        return Objects.requireNonNull(listener);
    }

    private void outdated() {
        ready = false;
        losses++;
    }

    /** Hears the subscription to announcements. */
    private final class Announcements implements PubSubSubscriptions.Listener {

        @Override
        public void announced(byte[] announcement) {
            Consumer<AccessStore.Listener> told = parsed(() -> AccessCodec.announced(announcement));
            if (told != null) {
                told.accept(listener());
            }
        }

        @Override
        public void lost() {
            subscribed = false;
            outdated();
        }

        @Override
        public void interrupted() {
            subscribed = true;
            outdated();
            read();
        }
    }
}
