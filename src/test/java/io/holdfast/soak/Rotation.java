// SPDX-License-Identifier: Apache-2.0
package io.holdfast.soak;

import io.holdfast.support.TestSocket;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Connections whose clients send one request, and then neither send nor read. A new one takes the place of the oldest,
 * which is reset. Confined to one thread.
 */
final class Rotation implements Closeable {

    private final int port;
    private final List<String> requests;
    private final int most;
    private final Deque<TestSocket> open = new ArrayDeque<>();
    private int opened;

    /** @param most connections at a time */
    Rotation(int port, List<String> requests, int most) {
        this.port = port;
        this.requests = requests;
        this.most = most;
    }

    void next() throws IOException {
        open.add(TestSocket.connect(port).send(requests.get(opened++ % requests.size())));
        if (open.size() > most) {
            open.remove().resetOnClose().close();
        }
    }

    @Override
    public void close() throws IOException {
        for (TestSocket wire : open) {
            wire.close();
        }
    }
}
