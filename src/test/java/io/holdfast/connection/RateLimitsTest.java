// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.Principal;
import io.holdfast.access.TestTokens;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** How often peers may do something, by a clock that the test moves. */
class RateLimitsTest {

    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 50_000);
    private static final InetSocketAddress SAME = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 50_001);
    private static final InetSocketAddress THERE = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 50_000);

    private static final int PER_SECOND = 10;
    private static final int BURST = 20;

    /** A nano time may be negative, and overflows while the service runs. */
    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(1).toNanos());

    private final RateLimits rates = rates(
            "handshakes.per-second", "10",
            "handshakes.burst", "20",
            "commands.per-second", "10",
            "commands.burst", "20",
            "publishes.per-second", "10",
            "publishes.burst", "20");

    private RateLimits rates(String... settings) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        for (int i = 0; i < settings.length; i += 2) {
            source.put("holdfast.limits." + settings[i], settings[i + 1]);
        }
        return new RateLimits(new Binder(source).bindOrCreate("holdfast.limits", LimitProperties.class), now::get);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private int published(InetSocketAddress remote, int attempts) {
        int published = 0;
        for (int i = 0; i < attempts; i++) {
            published += rates.publish(Principal.NOBODY, remote) == null ? 1 : 0;
        }
        return published;
    }

    @Test
    void burstMayComeAtOnceAndThenTheRate() {
        assertThat(published(HERE, 100)).isEqualTo(BURST);

        pass(Duration.ofSeconds(1));
        assertThat(published(HERE, 100)).isEqualTo(PER_SECOND);

        pass(Duration.ofHours(1));
        assertThat(published(HERE, 100)).isEqualTo(BURST);
    }

    @Test
    void principalHasOneRateFromWhereverItComes() {
        Principal alice = TestTokens.principal("alice");
        for (int i = 0; i < BURST; i++) {
            assertThat(rates.publish(alice, i % 2 == 0 ? HERE : null)).isNull();
        }

        assertThat(rates.publish(alice, HERE)).isNotNull();
        assertThat(rates.publish(TestTokens.principal("bob"), HERE)).isNull();
        assertThat(published(HERE, 100)).isEqualTo(BURST);
    }

    @Test
    void withoutABurstAsManyMayComeAtOnceAsInASecond() {
        RateLimits plain = rates("commands.per-second", "10");
        RateLimits.Commands commands = Objects.requireNonNull(plain.commands());

        for (int i = 0; i < PER_SECOND; i++) {
            assertThat(commands.take()).isNull();
        }

        assertThat(commands.take()).isNotNull();
    }

    /** It must not be forgotten between two of its messages, as its bucket would be full again. */
    @Test
    void whoGoesOnIsLimitedToTheRate() {
        int published = published(HERE, 100);

        for (int i = 0; i < 10_000; i++) {
            pass(Duration.ofMillis(1));
            published += published(HERE, 1);
        }

        assertThat(published).isEqualTo(BURST + 10 * PER_SECOND);
    }

    @Test
    void addressesHaveBucketsOfTheirOwn() {
        assertThat(published(HERE, BURST)).isEqualTo(BURST);

        assertThat(published(SAME, 1)).isZero();
        assertThat(published(THERE, 1)).isEqualTo(1);
        assertThat(rates.connect(HERE.getAddress())).isNull();
    }

    @Test
    void answerNamesTheLimitAndWhenToComeBack() {
        assertThat(published(HERE, BURST)).isEqualTo(BURST);

        RateExceeded exceeded = Objects.requireNonNull(rates.publish(Principal.NOBODY, HERE));

        assertThat(exceeded.pause()).isEqualTo(Duration.ofSeconds(1).dividedBy(PER_SECOND));
        assertThat(exceeded.retryAfter()).isEqualTo(1);
        assertThat(exceeded.sentence())
                .isEqualTo("The limit holdfast.limits.publishes.per-second of 10 is reached. Try again in 1 second.");
        assertThat(exceeded.problem().getStatus()).isEqualTo(429);
        pass(exceeded.pause());
        assertThat(published(HERE, 1)).isEqualTo(1);
    }

    @Test
    void waitIsRoundedUpToSeconds() {
        assertThat(new RateExceeded(RateLimit.COMMANDS, 1, Duration.ofNanos(1)).retryAfter())
                .isEqualTo(1);
        assertThat(new RateExceeded(RateLimit.COMMANDS, 1, Duration.ofSeconds(2)).retryAfter())
                .isEqualTo(2);
        assertThat(new RateExceeded(RateLimit.COMMANDS, 1, Duration.ofMillis(2001)).retryAfter())
                .isEqualTo(3);
    }

    @Test
    void commandsAreIgnoredWhenMoreThanABurstOfThemWereRefusedInARow() {
        RateLimits.Commands commands = Objects.requireNonNull(rates.commands());
        for (int i = 0; i < 2 * BURST; i++) {
            commands.take();
        }
        assertThat(commands.areIgnored()).isFalse();

        pass(Duration.ofSeconds(1).dividedBy(PER_SECOND));
        assertThat(commands.take()).isNull();
        for (int i = 0; i < BURST; i++) {
            assertThat(commands.take()).isNotNull();
        }
        assertThat(commands.areIgnored()).isFalse();
        commands.take();

        assertThat(commands.areIgnored()).isTrue();
    }

    @Test
    void refusalsAreCounted() {
        published(HERE, BURST + 3);

        assertThat(rates.refused(RateLimit.PUBLISHES)).isEqualTo(3);
        assertThat(rates.refused(RateLimit.HANDSHAKES)).isZero();
    }

    @Test
    void addressThatWasQuietUntilItsBurstIsFullAgainIsForgotten() {
        published(HERE, BURST);
        published(THERE, 1);
        assertThat(rates.publishers()).isEqualTo(2);

        pass(Duration.ofSeconds(3));
        assertThat(rates.publishers()).isEqualTo(2);
        published(THERE, 1);
        pass(Duration.ofSeconds(3));

        assertThat(rates.publishers()).isEqualTo(1);
    }

    @Test
    void withoutSettingsNothingIsLimitedAndNothingIsKept() {
        RateLimits unlimited = rates();

        for (int i = 0; i < 10_000; i++) {
            assertThat(unlimited.publish(Principal.NOBODY, HERE)).isNull();
            assertThat(unlimited.connect(HERE.getAddress())).isNull();
        }

        assertThat(unlimited.commands()).isNull();
        assertThat(unlimited.publishers()).isZero();
    }
}
