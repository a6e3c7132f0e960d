package io.holdfast.channel;

import io.holdfast.redis.RedisCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** On a cluster. */
@TestInstance(Lifecycle.PER_CLASS)
class RedisClusterBrokerTest extends RedisBrokerContract {

    private final RedisCluster cluster = RedisCluster.start();

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Override
    String setting() {
        return cluster.setting();
    }

    @Override
    void flush() {
        cluster.flush();
    }
}
