// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A free port for a program that cannot choose one itself, or must use the same one again. It is below those that systems give to whoever asks
 * for any: nobody else is given it meanwhile.
 */
public final class FreePort {

    private static final int FIRST = 20_000;
    private static final int COUNT = 10_000;

    private FreePort() {}

    public static int any() {
        while (true) {
            int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
            if (isFree(port)) {
                return port;
            }
        }
    }

    public static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
