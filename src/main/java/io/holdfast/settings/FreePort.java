// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Finds a port to recommend instead of one that is not available. */
public final class FreePort {

    private static final int FIRST_UNPRIVILEGED = 1024;
    private static final int UNPRIVILEGED_TWIN = 8000;
    private static final int MOST_TRIES = 100;

    private FreePort() {}

    /**
     * A port near {@code port} that can be listened on now, such as 8080 for 80; 0, which means any, if there is none.
     *
     * @param address null for all
     */
    public static int near(@Nullable InetAddress address, int port) {
        int first = port < FIRST_UNPRIVILEGED ? port + UNPRIVILEGED_TWIN : port + 1;
        return IntStream.range(first, Math.min(first + MOST_TRIES, 65_536))
                .filter(candidate -> isFree(address, candidate))
                .findFirst()
                .orElse(0);
    }

    private static boolean isFree(@Nullable InetAddress address, int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, address)) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
