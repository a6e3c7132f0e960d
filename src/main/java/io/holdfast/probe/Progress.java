package io.holdfast.probe;

import java.io.Console;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/**
 * Prints progress to stderr: on a terminal in one line that is overwritten, else in a new line every ten seconds.
 * Safe from any thread.
 */
final class Progress implements AutoCloseable {

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final PrintWriter err;
    private final boolean rewrites = isTerminal();
    private long last = System.nanoTime() - PAUSE;
    private boolean begun;

    Progress(PrintWriter err) {
        this.err = err;
    }

    // Null without a terminal since JDK 25.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    synchronized void tell(String text) {
        if (rewrites) {
            err.print("\r\u001b[K" + text);
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
