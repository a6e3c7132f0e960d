// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@HoldfastTest
class ManyStreamsTest {

    private static final int STREAMS = 2_000;

    @Autowired
    Ports ports;

    @Autowired
    Traffic traffic;

    @Test
    void idleStreamsHoldNoThread() throws IOException {
        open(1).getFirst().reset();
        int before = ManagementFactory.getThreadMXBean().getThreadCount();

        List<HttpWire> streams = open(STREAMS);

        try {
            assertThat(traffic.of(Transport.HTTP).open()).isGreaterThanOrEqualTo(STREAMS);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(before + 20);
        } finally {
            for (HttpWire stream : streams) {
                stream.reset();
            }
        }
        await().untilAsserted(
                        () -> assertThat(traffic.of(Transport.HTTP).open()).isZero());
    }

    private List<HttpWire> open(int streams) throws IOException {
        List<HttpWire> open = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            HttpWire http = HttpWire.connect(ports);
            open.add(http);
            http.get("/stream?interval=1h").readHead();
            http.readChunk();
        }
        return open;
    }
}
