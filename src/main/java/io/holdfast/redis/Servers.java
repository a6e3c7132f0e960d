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
 * Standing connections to Redis, one for commands and one for announcements to each server that has channels. They come
 * back by themselves; while one is away what is asked of it fails at once. Safe from any thread.
 */
interface Servers extends AutoCloseable {

    /** Of names and what they hold. */
    RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE);

    /** Takes any number of commands without an answer to the one before. */
    RedisClusterAsyncCommands<String, byte[]> commands();

    /** Asks whether channels can be had, waiting for the answer as long as for any. Fails if there is none. */
    boolean check();

    /** By which the announcements come that {@code live}, a name with a hash tag, is the channel of. */
    CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> announcer(String live);

    /** What is known of where channels are may be out of date. */
    void lookAgain();

    /** {@code cluster} or {@code standalone}, which one behind sentinels is, too. */
    String mode();

    /** By which commands go. */
    StatefulConnection<String, byte[]> connection();

    /** By which announcements come; of a cluster, the one from which those to its servers are had. */
    StatefulRedisPubSubConnection<String, byte[]> announcements();

    @Override
    default void close() {
        connection().close();
        announcements().close();
    }

    /** Connects; fails if that takes longer than a connection may. */
    static Servers connect(AbstractRedisClient client) {
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

    /** Both connections, or none. */
    private static <C extends StatefulConnection<String, byte[]>, A> Servers both(
            C connection, Supplier<A> announcements, BiFunction<C, A, Servers> servers) {
        try {
            return servers.apply(connection, announcements.get());
        } catch (RuntimeException e) {
            connection.closeAsync();
            throw e;
        }
    }

    /** One server, whichever it is now. */
    record Single(
            StatefulRedisConnection<String, byte[]> connection,
            StatefulRedisPubSubConnection<String, byte[]> announcements)
            implements Servers {

        @Override
        public RedisClusterAsyncCommands<String, byte[]> commands() {
            return connection.async();
        }

        /** A replica takes no writes. */
        @Override
        public boolean check() {
            return connection.sync().info("replication").contains("role:master");
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

    /** Many, each with the channels whose slots it has. */
    record Cluster(
            RedisClusterClient client,
            StatefulRedisClusterConnection<String, byte[]> connection,
            StatefulRedisClusterPubSubConnection<String, byte[]> announcements)
            implements Servers {

        @Override
        public RedisClusterAsyncCommands<String, byte[]> commands() {
            return connection.async();
        }

        @Override
        public boolean check() {
            return connection.sync().clusterInfo().contains("cluster_state:ok");
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
