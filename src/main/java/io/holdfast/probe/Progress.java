package io.holdfast.probe;

import java.io.Console;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/**
 * Tells on stderr what is being waited for: on a terminal in one line that is rewritten, else in a line now and then.
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

    // Null again since JDK 25, where there is no terminal.
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

    /** Leaves the terminal's line empty for the result. */
    @Override
    public synchronized void close() {
        if (begun) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
