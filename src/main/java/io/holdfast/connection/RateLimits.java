// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.holdfast.access.Principal;
import io.holdfast.time.BucketTime;
import io.holdfast.time.MonotonicClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Limits how often peers may connect, send commands and publish, with a bucket of tokens each. A peer that does nothing has
 * no bucket: an address that was quiet until its bucket was full again is forgotten. Safe from any thread.
 */
@Component
public final class RateLimits {

    /** Addresses that are remembered at the same time; over it, some are forgotten early. */
    private static final long MOST_ADDRESSES = 100_000;

    /** Caffeine does not notice an access that follows another one within a second. */
    private static final Duration ACCESS_TOLERANCE = Duration.ofSeconds(2);

    private final LimitProperties limits;
    private final TimeMeter clock;
    private final @Nullable LoadingCache<Object, Bucket> handshakes;
    private final @Nullable LoadingCache<Object, Bucket> publishes;
    private final Map<RateLimit, LongAdder> refused = new EnumMap<>(RateLimit.class);

    RateLimits(LimitProperties limits, MonotonicClock monotonicClock) {
        this.limits = limits;
        this.clock = BucketTime.of(monotonicClock);
        this.handshakes = byPeer(limits.handshakes());
        this.publishes = byPeer(limits.publishes());
        for (RateLimit limit : RateLimit.values()) {
            refused.put(limit, new LongAdder());
        }
    }

    private @Nullable LoadingCache<Object, Bucket> byPeer(LimitProperties.Rate rate) {
        return rate.isLimited()
                ? Caffeine.newBuilder()
                        .maximumSize(MOST_ADDRESSES)
                        .expireAfterAccess(rate.refill().plus(ACCESS_TOLERANCE))
                        .ticker(clock::currentTimeNanos)
                        .build(peer -> bucket(rate))
                : null;
    }

    private Bucket bucket(LimitProperties.Rate rate) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rate.atOnce()).refillGreedy(rate.perSecond(), Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }

    /** Takes one connection from what an address may open; null if it may. */
    @Nullable
    RateExceeded connect(@Nullable InetAddress address) {
        return take(handshakes, address, RateLimit.HANDSHAKES, limits.handshakes());
    }

    /** Takes one message from what a principal may publish, or an address without a token; null if it may. */
    public @Nullable RateExceeded publish(Principal principal, @Nullable InetSocketAddress remote) {
        Object address = remote == null ? null : remote.getAddress();
        return take(
                publishes,
                principal.isAuthenticated() ? principal.name() : address,
                RateLimit.PUBLISHES,
                limits.publishes());
    }

    /** A peer whose address is not known shares nothing with others, and is not limited. */
    private @Nullable RateExceeded take(
            @Nullable LoadingCache<Object, Bucket> buckets,
            @Nullable Object peer,
            RateLimit limit,
            LimitProperties.Rate rate) {
        return buckets == null || peer == null ? null : take(buckets.get(peer), limit, rate);
    }

    private @Nullable RateExceeded take(Bucket bucket, RateLimit limit, LimitProperties.Rate rate) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            return null;
        }
        Objects.requireNonNull(refused.get(limit)).increment();
        return new RateExceeded(limit, rate.perSecond(), Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    /** What one connection may send; null if there is no limit. To be made with its first command. */
    public @Nullable Commands commands() {
        return limits.commands().isLimited() ? new Commands(bucket(limits.commands())) : null;
    }

    /** Addresses whose messages are remembered now. */
    long publishers() {
        if (publishes == null) {
            return 0;
        }
        publishes.cleanUp();
        return publishes.estimatedSize();
    }

    /** How often {@code limit} was exceeded since the start. */
    public long refused(RateLimit limit) {
        return Objects.requireNonNull(refused.get(limit)).sum();
    }

    /** The commands of one connection. They come from one thread at a time. */
    public final class Commands {

        private final Bucket bucket;
        private int refusedInARow;

        private Commands(Bucket bucket) {
            this.bucket = bucket;
        }

        /** Takes one command from what the connection may send; null if it may. */
        public @Nullable RateExceeded take() {
            RateExceeded exceeded = RateLimits.this.take(bucket, RateLimit.COMMANDS, limits.commands());
            refusedInARow = exceeded == null ? 0 : refusedInARow + 1;
            return exceeded;
        }

        /** Whether the peer goes on although it was told: more commands in a row were refused than fit into a burst. */
        public boolean areIgnored() {
            return refusedInARow > limits.commands().atOnce();
        }
    }
}
