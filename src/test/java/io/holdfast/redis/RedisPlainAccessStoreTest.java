// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** A server without sharded pub/sub, as before Redis 7. */
@TestInstance(Lifecycle.PER_CLASS)
class RedisPlainAccessStoreTest extends RedisAccessStoreContract {

    private final RedisServer server = RedisServer.start("--rename-command", "SSUBSCRIBE", "");

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
