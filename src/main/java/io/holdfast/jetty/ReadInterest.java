// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * Waits for bytes on a Jetty end point, unless reading is paused. What follows is marked as non-blocking, which keeps
 * Jetty from handing it to another thread.
 *
 * <p>One instance serves a connection all its life. Safe from any thread.
 */
public final class ReadInterest implements Callback {

    private final EndPoint endPoint;
    private final Runnable read;

    // Guarded by this.
    private boolean paused;
    private boolean wanted;

    /** @param read takes the bytes, on the event loop: it must not block */
    public ReadInterest(EndPoint endPoint, Runnable read) {
        this.endPoint = endPoint;
        this.read = read;
    }

    /** Runs {@code read} once, when there are bytes or the end, and reading is not paused. */
    public void register() {
        synchronized (this) {
            if (paused) {
                wanted = true;
                return;
            }
        }
        endPoint.tryFillInterested(this);
    }

    synchronized void pause() {
        paused = true;
    }

    void resume() {
        synchronized (this) {
            paused = false;
        }
        once();
    }

    /** Lets one read that was asked for happen although reading is paused. */
    void once() {
        synchronized (this) {
            if (!wanted) {
                return;
            }
            wanted = false;
        }
        endPoint.tryFillInterested(this);
    }

    @Override
    public void succeeded() {
        read.run();
    }

    @Override
    public void failed(Throwable cause) {
        endPoint.close(cause);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
