// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** One server with sharded pub/sub. */
@TestInstance(Lifecycle.PER_CLASS)
class RedisAccessStoreTest extends RedisAccessStoreContract {

    private final RedisServer server = RedisServer.start();

    @AfterAll
    void stop() {
        server.close();
    }

    @Override
    String setting() {
        return server.setting();
    }

    @Override
    String cli(String... arguments) {
        return server.cli(arguments);
    }
}
