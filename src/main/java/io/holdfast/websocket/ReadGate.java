package io.holdfast.websocket;

import org.jspecify.annotations.Nullable;

/**
 * Decides when a connection reads: not while it is paused, and not while its peer is behind with reading. What is held
 * back is taken up by whoever opens the gate again.
 *
 * <p>Safe from any thread.
 */
final class ReadGate {

    private final Runnable read;

    private boolean paused;
    private boolean congested;
    private boolean waiting;
    private @Nullable Runnable onRelief;

    /** @param read waits for the next bytes; called with the gate open, by the thread that found it so */
    ReadGate(Runnable read) {
        this.read = read;
    }

    /** Reads on, now or when the gate opens. */
    void next() {
        synchronized (this) {
            if (paused || congested) {
                waiting = true;
                return;
            }
        }
        read.run();
    }

    synchronized boolean isOpen() {
        return !paused && !congested;
    }

    synchronized void pause() {
        paused = true;
    }

    void resume() {
        synchronized (this) {
            paused = false;
        }
        release();
    }

    synchronized boolean isCongested() {
        return congested;
    }

    /** The peer fell behind: called with the bytes that wait for it still unsent. */
    synchronized void congest() {
        congested = true;
    }

    /** The peer caught up. */
    void relieve() {
        Runnable relief;
        synchronized (this) {
            relief = congested ? onRelief : null;
            congested = false;
        }
        if (relief != null) {
            relief.run();
        }
        release();
    }

    synchronized void onRelief(Runnable action) {
        onRelief = action;
    }

    private void release() {
        synchronized (this) {
            if (!waiting || paused || congested) {
                return;
            }
            waiting = false;
        }
        read.run();
    }
}
