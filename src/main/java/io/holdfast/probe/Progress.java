// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * Prints progress to stderr: on a terminal in one line that is overwritten, else in a new line every ten seconds.
 * Safe from any thread.
 */
final class Progress implements AutoCloseable {

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final PrintWriter err;
    private final int width;
    private final boolean rewrites = Terminal.isRewritable();
    private long last = System.nanoTime() - PAUSE;
    private boolean begun;

    Progress(CommandLine command) {
        this.err = command.getErr();
        this.width = command.getUsageHelpWidth();
    }

    synchronized void tell(String text) {
        if (rewrites) {
            // A line that is wrapped could not be overwritten.
            err.print("\r\u001b[K" + (text.length() < width ? text : text.substring(0, width - 2) + "…"));
            begun = true;
        } else if (System.nanoTime() - last >= PAUSE) {
            last = System.nanoTime();
            err.println(text);
        }
        err.flush();
    }

    /** Clears the progress line for the result. */
    @Override
    public synchronized void close() {
        if (begun) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
