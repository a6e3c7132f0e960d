// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

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
    public String setting() {
        return cluster.setting();
    }

    @Override
    public void flush() {
        cluster.flush();
    }
}
