// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.channel.HistoryProperties;
import io.holdfast.time.Timers;
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

/** Channels and what nodes share about access in Redis, which {@code spring.data.redis} configures. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "holdfast.broker", havingValue = "redis")
class RedisConfiguration {

    static {
        // If both are present, Lettuce uses epoll but sets socket options for io_uring, and the keep-alive options
        // below are lost.
        if (System.getProperty("io.lettuce.core.iouring") == null) {
            System.setProperty("io.lettuce.core.iouring", "false");
        }
    }

    /** The most commands that wait for an answer: they are held in memory. */
    private static final int MOST_UNDER_WAY = 10_000;

    private static final Duration RECONNECT_FIRST = Duration.ofMillis(20);
    private static final Duration RECONNECT_LONGEST = Duration.ofSeconds(1);

    /** Detects a peer that vanished: a pub/sub connection may be silent for long. */
    private static final KeepAliveOptions KEEP_ALIVE = KeepAliveOptions.builder()
            .enable()
            .idle(Duration.ofSeconds(5))
            .interval(Duration.ofSeconds(1))
            .count(3)
            .build();

    @Bean
    ClientResourcesBuilderCustomizer reconnectsSoon() {
        // At random times; otherwise all nodes would reconnect to a server at the same moment.
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

    /** As Boot configures it, and also soon after an error that suggests that a channel has moved. */
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
    RedisConnector redisConnector(LettuceConnectionFactory factory, Timers timers) {
        return new RedisConnector(factory.getRequiredNativeClient(), timers);
    }

    @Bean
    PubSubSubscriptions pubSubSubscriptions(RedisConnector redis) {
        return new PubSubSubscriptions(redis);
    }

    @Bean
    RedisBroker redisBroker(
            RedisConnector redis,
            PubSubSubscriptions subscriptions,
            RedisProperties properties,
            HistoryProperties limits) {
        return new RedisBroker(redis, subscriptions, properties, limits);
    }

    @Bean
    RedisAccessStore redisAccessStore(
            RedisConnector redis, PubSubSubscriptions subscriptions, RedisProperties properties) {
        return new RedisAccessStore(redis, subscriptions, properties.keyPrefix());
    }

    @Bean
    RedisHealthIndicator redisHealthIndicator(RedisConnector redis, PubSubSubscriptions subscriptions) {
        return new RedisHealthIndicator(redis, subscriptions);
    }
}
