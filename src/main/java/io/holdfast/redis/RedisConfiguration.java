package io.holdfast.redis;

import io.holdfast.channel.HistoryProperties;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Channels in Redis, reached as {@code spring.data.redis} says. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "holdfast.broker", havingValue = "redis")
class RedisConfiguration {

    static {
        // Where there are both, Lettuce takes epoll and sets up its sockets for io_uring: without the life signs below.
        if (System.getProperty("io.lettuce.core.iouring") == null) {
            System.setProperty("io.lettuce.core.iouring", "false");
        }
    }

    /** Commands without an answer yet, at the most; what they hold is held in memory. */
    private static final int MOST_UNDER_WAY = 10_000;

    private static final Duration RECONNECT_FIRST = Duration.ofMillis(20);
    private static final Duration RECONNECT_LONGEST = Duration.ofSeconds(1);

    /** Tells of a peer that vanished: pub/sub is all but silent by itself. */
    private static final KeepAliveOptions KEEP_ALIVE = KeepAliveOptions.builder()
            .enable()
            .idle(Duration.ofSeconds(5))
            .interval(Duration.ofSeconds(1))
            .count(3)
            .build();

    @Bean
    ClientResourcesBuilderCustomizer reconnectsSoon() {
        // At random moments, or all nodes would come back to a server at the same one.
        return resources -> resources.reconnectDelay(
                () -> Delay.fullJitter(RECONNECT_FIRST, RECONNECT_LONGEST, 1, TimeUnit.MILLISECONDS));
    }

    @Bean
    LettuceClientOptionsBuilderCustomizer failsAtOnceWhileAway(DataRedisProperties properties) {
        return options -> {
            options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                    .requestQueueSize(MOST_UNDER_WAY)
                    .socketOptions(socket(properties));
            if (options instanceof ClusterClientOptions.Builder cluster) {
                cluster.topologyRefreshOptions(refresh(properties));
            }
        };
    }

    private static SocketOptions socket(DataRedisProperties properties) {
        SocketOptions.Builder socket = SocketOptions.builder().keepAlive(KEEP_ALIVE);
        if (properties.getConnectTimeout() != null) {
            socket.connectTimeout(properties.getConnectTimeout());
        }
        return socket.build();
    }

    /** As Boot has it, but soon after something hints at a channel's having moved. */
    private static ClusterTopologyRefreshOptions refresh(DataRedisProperties properties) {
        DataRedisProperties.Lettuce.Cluster.Refresh wanted =
                properties.getLettuce().getCluster().getRefresh();
        ClusterTopologyRefreshOptions.Builder refresh = ClusterTopologyRefreshOptions.builder()
                .dynamicRefreshSources(wanted.isDynamicRefreshSources())
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1));
        if (wanted.getPeriod() != null) {
            refresh.enablePeriodicRefresh(wanted.getPeriod());
        }
        return refresh.build();
    }

    @Bean
    Link redisLink(LettuceConnectionFactory factory, DataRedisProperties properties) {
        if (properties.getMasterreplica() != null) {
            throw new IllegalArgumentException("spring.data.redis.masterreplica: channels need to know which server"
                    + " takes writes; valid: spring.data.redis.url, .sentinel or .cluster");
        }
        return new Link(factory.getRequiredNativeClient());
    }

    @Bean
    Announcements redisAnnouncements(Link link, RedisProperties properties) {
        return new Announcements(link, properties.keyPrefix());
    }

    @Bean
    RedisBroker redisBroker(
            Link link, Announcements announcements, RedisProperties properties, HistoryProperties limits) {
        return new RedisBroker(link, announcements, properties, limits);
    }

    @Bean
    RedisHealthIndicator redisHealthIndicator(Link link, Announcements announcements) {
        return new RedisHealthIndicator(link, announcements);
    }
}
