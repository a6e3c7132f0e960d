package io.holdfast.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
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

    @Override
    void close();

    /** Connects; fails if that takes longer than a connection may. */
    static Servers connect(AbstractRedisClient client) {
        return switch (client) {
            case RedisClusterClient cluster -> new Cluster(cluster);
            case RedisClient single -> new Single(single);
            default -> throw new IllegalStateException("Not a client of Lettuce's: " + client);
        };
    }

    /** One server, whichever it is now. */
    final class Single implements Servers {

        private final StatefulRedisConnection<String, byte[]> connection;
        private final StatefulRedisPubSubConnection<String, byte[]> announcer;

        Single(RedisClient client) {
            connection = client.connect(CODEC);
            try {
                announcer = client.connectPubSub(CODEC);
            } catch (RuntimeException e) {
                connection.closeAsync();
                throw e;
            }
        }

        @Override
        public RedisClusterAsyncCommands<String, byte[]> commands() {
            return connection.async();
        }

        @Override
        public boolean check() {
            return connection.sync().ping().equals("PONG");
        }

        @Override
        public CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> announcer(String live) {
            return CompletableFuture.completedStage(announcer);
        }

        @Override
        public void lookAgain() {}

        @Override
        public String mode() {
            return "standalone";
        }

        @Override
        public void close() {
            connection.close();
            announcer.close();
        }
    }

    /** Many, each with the channels whose slots it has. */
    final class Cluster implements Servers {

        private final RedisClusterClient client;
        private final StatefulRedisClusterConnection<String, byte[]> connection;
        private final StatefulRedisClusterPubSubConnection<String, byte[]> announcers;

        Cluster(RedisClusterClient client) {
            this.client = client;
            connection = client.connect(CODEC);
            try {
                announcers = client.connectPubSub(CODEC);
            } catch (RuntimeException e) {
                connection.closeAsync();
                throw e;
            }
        }

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
                    : announcers.getConnectionAsync(owner.getNodeId());
        }

        @Override
        public void lookAgain() {
            client.refreshPartitionsAsync();
        }

        @Override
        public String mode() {
            return "cluster";
        }

        @Override
        public void close() {
            connection.close();
            announcers.close();
        }
    }
}
