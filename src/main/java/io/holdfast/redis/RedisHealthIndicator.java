// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up while Redis answers and all wanted subscriptions are confirmed. That it does not answer is no exception: that would be
 * logged each time that someone asks.
 */
class RedisHealthIndicator extends AbstractHealthIndicator {

    private final RedisConnector redis;
    private final PubSubSubscriptions subscriptions;

    RedisHealthIndicator(RedisConnector redis, PubSubSubscriptions subscriptions) {
        super("Redis can't be reached");
        this.redis = redis;
        this.subscriptions = subscriptions;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        RedisConnections servers = redis.servers();
        if (servers == null) {
            builder.down();
            return;
        }
        PubSubSubscriptions.SubscriptionCounts counts = subscriptions.counts();
        builder.status(redis.check(servers) && counts.confirmed() == counts.wanted() ? "UP" : "DOWN")
                .withDetail("mode", servers.mode())
                .withDetail("announced", redis.isSharded() ? "by shards" : "to all")
                .withDetail("listening", counts.confirmed())
                .withDetail("wanted", counts.wanted());
    }
}
