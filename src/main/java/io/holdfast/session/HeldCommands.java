// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Commands that wait for a token to be verified. They are few: nothing is read meanwhile, so they are what had been read
 * already. Safe from any thread.
 */
final class HeldCommands {

    // Guarded by this.
    private final Queue<String> commands = new ArrayDeque<>();
    private boolean holding;
    private int verifications;

    /**
     * A token is verified: what comes is held from now on.
     *
     * @return the number of this verification
     */
    synchronized int hold() {
        holding = true;
        return ++verifications;
    }

    /** Holds a command back; false if none has to wait. */
    synchronized boolean add(String command) {
        return holding && commands.add(command);
    }

    /**
     * The next one to carry out after a verification; null if there is none. Then nothing is held any more, unless one of
     * them began another verification, for which the others wait.
     */
    synchronized @Nullable String next(int verification) {
        if (verification != verifications) {
            return null;
        }
        String next = commands.poll();
        holding = next != null;
        return next;
    }

    synchronized boolean isHolding() {
        return holding;
    }
}
