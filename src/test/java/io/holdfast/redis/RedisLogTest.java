// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.PlainRequest;
import io.holdfast.support.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a node logs of a Redis that is not available. */
class RedisLogTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void eachLossIsOneLineAndSoIsItsEnd() throws Exception {
        try (RedisServer server = RedisServer.away();
                ServiceProcess service = ServiceProcess.start(
                        "--holdfast.broker=redis", "--" + server.setting(), "--holdfast.drain.window=100ms")) {
            askForChannels(service);
            assertThat(service.complaints()).as("not there at the start").hasSize(1);
            server.startAgain();
            awaitLine(service, "Channels are in Redis");

            server.kill();
            await().atMost(PATIENCE).until(() -> service.complaints().size(), complaints -> complaints > 1);
            askForChannels(service);
            server.startAgain();
            awaitLine(service, "Redis works again");

            service.terminate();
            assertThat(service.awaitEnd(PATIENCE)).isTrue();
            assertThat(service.complaints())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("Redis fails: "));
            assertThat(service.log().lines().filter(line -> line.contains("Redis works again")))
                    .hasSize(1);
            assertThat(service.log()).doesNotContain("i.l.core", "io.lettuce.core.protocol");
        }
    }

    /** Each of these asks Redis, and is refused. */
    private static void askForChannels(ServiceProcess service) throws IOException {
        for (int i = 0; i < 10; i++) {
            for (String path : new String[] {
                "/channels/a", "/channels/a/messages", "/actuator/health", "/actuator/health/readiness"
            }) {
                assertThat(PlainRequest.get(service.http(), path).status()).isEqualTo(503);
            }
        }
    }

    private static void awaitLine(ServiceProcess service, String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(service.log()).contains(text));
    }
}
