// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Open connections to Redis: one for commands, and one for announcements, to each server that has channels. They
 * reconnect by themselves; while one is broken, its commands fail at once. Safe from any thread.
 */
interface RedisConnections extends AutoCloseable {

    /** ChannelKeys are text, values are bytes. */
    RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE);

    /** Accepts commands without waiting for earlier answers. */
    RedisClusterAsyncCommands<String, byte[]> commands();

    /** Whether channels are available. Fails if there is no answer in the time that any command has. */
    CompletionStage<Boolean> check();

    /** The connection on which announcements of {@code live} arrive, a name with a hash tag. */
    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> announcer(String live);

    /** Reads the topology again: what is known about slots may be out of date. */
    void lookAgain();

    /** {@code cluster} or {@code standalone}; a server behind sentinels is standalone. */
    String mode();

    /** The connection for commands. */
    StatefulConnection<String, byte[]> connection();

    /** The connection for announcements; for a cluster, the one that has the connections to its servers. */
    StatefulRedisPubSubConnection<String, byte[]> announcements();

    @Override
    default void close() {
        connection().close();
        announcements().close();
    }

    /** Connects. Fails if that takes longer than the connect timeout. */
    static RedisConnections connect(AbstractRedisClient client) {
        return switch (client) {
            case RedisClusterClient cluster ->
                both(
                        cluster.connect(CODEC),
                        () -> cluster.connectPubSub(CODEC),
                        (connection, announcements) -> new Cluster(cluster, connection, announcements));
            case RedisClient single -> both(single.connect(CODEC), () -> single.connectPubSub(CODEC), Single::new);
            default -> throw new IllegalStateException("Not a client of Lettuce's: " + client);
        };
    }

    /** Opens both connections, or none. */
    private static <C extends StatefulConnection<String, byte[]>, A> RedisConnections both(
            C connection, Supplier<A> announcements, BiFunction<C, A, RedisConnections> servers) {
        try {
            return servers.apply(connection, announcements.get());
        } catch (RuntimeException e) {
            connection.closeAsync();
            throw e;
        }
    }

    /** One server; behind sentinels, the current one. */
    record Single(
            StatefulRedisConnection<String, byte[]> connection,
            StatefulRedisPubSubConnection<String, byte[]> announcements)
            implements RedisConnections {

        @Override
        public RedisClusterAsyncCommands<String, byte[]> commands() {
            return connection.async();
        }

        /** False at a replica, which accepts no writes. */
        @Override
        public CompletionStage<Boolean> check() {
            return connection.async().info("replication").thenApply(answer -> answer.contains("role:master"));
        }

        @Override
        public CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> announcer(String live) {
            return CompletableFuture.completedStage(announcements);
        }

        @Override
        public void lookAgain() {}

        @Override
        public String mode() {
            return "standalone";
        }
    }

    /** Several servers, each with the channels whose slots it has. */
    record Cluster(
            RedisClusterClient client,
            StatefulRedisClusterConnection<String, byte[]> connection,
            StatefulRedisClusterPubSubConnection<String, byte[]> announcements)
            implements RedisConnections {

        @Override
        public RedisClusterAsyncCommands<String, byte[]> commands() {
            return connection.async();
        }

        @Override
        public CompletionStage<Boolean> check() {
            return connection.async().clusterInfo().thenApply(answer -> answer.contains("cluster_state:ok"));
        }

        @Override
        public CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> announcer(String live) {
            RedisClusterNode owner = connection.getPartitions().getMasterBySlot(SlotHash.getSlot(live));
            return owner == null
                    ? CompletableFuture.failedStage(new IllegalStateException("No server has the channel's slot"))
                    : announcements.getConnectionAsync(owner.getNodeId());
        }

        @Override
        public void lookAgain() {
            client.refreshPartitionsAsync();
        }

        @Override
        public String mode() {
            return "cluster";
        }
    }
}
