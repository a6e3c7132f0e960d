// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** One server with sharded pub/sub. */
@TestInstance(Lifecycle.PER_CLASS)
class RedisBrokerTest extends RedisBrokerContract {

    private final RedisServer server = RedisServer.start();

    @AfterAll
    void stop() {
        server.close();
    }

    @Override
    public String setting() {
        return server.setting();
    }

    @Override
    public void flush() {
        server.cli("flushall");
    }
}
