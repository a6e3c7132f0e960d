// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.settings.Setting;
import java.time.Duration;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Channels in Redis, with {@code holdfast.broker=redis}. {@code spring.data.redis} configures the connection.
 *
 * @param keyPrefix of all keys and pub/sub channels. Services with different prefixes share nothing. Default: holdfast:
 * @param channelAge how long the head of an unused channel is remembered, which is longer than its messages. A client
 *     that returns later is told of a gap. Default: 7d
 */
@ConfigurationProperties("holdfast.redis")
record RedisProperties(
        @DefaultValue("holdfast:") String keyPrefix,
        @DefaultValue("7d") Duration channelAge) {

    // Braces would be a hash tag, and put all channels on one node of a cluster.
    private static final Pattern PREFIX = Pattern.compile("[!-z|~]{1,64}");

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    RedisProperties {
        new Setting("holdfast.redis.key-prefix", "holdfast:")
                .text(keyPrefix, PREFIX, "1 to 64 visible ASCII characters without braces");
        new Setting("holdfast.redis.channel-age", "7d").duration(channelAge, SHORTEST, LONGEST);
    }
}
