package io.holdfast.redis;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while Redis answers and this node hears of all channels that it listens to. */
class RedisHealthIndicator extends AbstractHealthIndicator {

    private final Link link;
    private final Announcements announcements;

    RedisHealthIndicator(Link link, Announcements announcements) {
        super("Redis can't be reached");
        this.link = link;
        this.announcements = announcements;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Servers servers = link.servers();
        if (servers == null) {
            builder.down();
            return;
        }
        Announcements.Standing standing = announcements.standing();
        builder.status(servers.check() && standing.made() == standing.wanted() ? "UP" : "DOWN")
                .withDetail("mode", servers.mode())
                .withDetail("announced", link.isSharded() ? "by shards" : "to all")
                .withDetail("listening", standing.made())
                .withDetail("wanted", standing.wanted());
    }
}
