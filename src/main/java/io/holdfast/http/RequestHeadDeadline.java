// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.LimitProperties;
import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Closes HTTP connections that do not complete a request's head in time, however slowly they send it: the first one
 * within {@code holdfast.limits.handshake}, each further one within three times that. Over HTTP/2 the same holds for every
 * frame. Nothing is kept of a connection that
 * was closed or upgraded.
 */
@Component
class RequestHeadDeadline implements Connection.Listener {

    private static final Logger log = LoggerFactory.getLogger(RequestHeadDeadline.class);

    private final Timers timers;
    private final LimitProperties limits;
    private final Map<Connection, Watch> watches = new ConcurrentHashMap<>();

    RequestHeadDeadline(Timers timers, LimitProperties limits) {
        this.timers = timers;
        this.limits = limits;
    }

    @Override
    public void onOpened(Connection connection) {
        boolean isBeforeHttp = connection instanceof BeforeHttp;
        if (!isBeforeHttp && connection.getMessagesIn() < 0) {
            // Neither HTTP nor what comes before it: TLS has this one inside.
            return;
        }
        Watch watch = new Watch(connection);
        watches.put(connection, watch);
        watch.watchFrames();
        watch.start();
        if (!connection.getEndPoint().isOpen()) {
            // It closed while a stream gave it back to HTTP: Jetty told only the stream.
            onClosed(connection);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        Watch watch = watches.remove(connection);
        if (watch != null) {
            watch.stop();
        }
    }

    /** Looks at one connection once in each period. */
    private final class Watch implements HTTP2Session.FrameListener {

        private final Connection connection;

        /** Frames of HTTP/2 that are complete. The bytes of an incomplete one are a head that is arriving. */
        private volatile long frames;

        // What the last look saw: requests that had begun to be handled, their bytes, and whether a head was arriving.
        private long requests;
        private long bytes;
        private long framesBefore;
        private boolean arriving;

        // Guarded by this.
        private @Nullable Cancellable timer;
        private boolean stopped;

        Watch(Connection connection) {
            this.connection = connection;
        }

        void watchFrames() {
            if (connection instanceof HTTP2Connection http2) {
                http2.getSession().addEventListener(this);
            }
        }

        @SuppressWarnings("NonAtomicVolatileUpdate")
        @Override
        public void onIncomingFrame(Session session, Frame frame) {
            // The session is read by one thread at a time.
            frames++;
        }

        synchronized void start() {
            if (!stopped) {
                timer = timers.after(limits.handshake(), this::look);
            }
        }

        synchronized void stop() {
            stopped = true;
            if (timer != null) {
                timer.cancel();
            }
        }

        private void look() {
            if (connection.getEndPoint().isOutputShutdown()) {
                // Its end has begun, which has a deadline of its own.
                return;
            }
            if (connection instanceof BeforeHttp before) {
                lookBeforeHttp(before);
                return;
            }
            long requestsNow = connection.getMessagesIn();
            long bytesNow = connection.getBytesIn();
            long framesNow = frames;
            boolean same = connection instanceof HTTP2Connection
                    ? framesNow == framesBefore
                    : requestsNow == requests && requestsNow == connection.getMessagesOut();
            boolean arrivingNow = same && bytesNow > bytes;
            if (requestsNow == 0 || (arrivingNow && arriving)) {
                log.debug("{} did not complete the head of a request in time", connection);
                connection.getEndPoint().close();
                return;
            }
            requests = requestsNow;
            bytes = bytesNow;
            framesBefore = framesNow;
            arriving = arrivingNow;
            start();
        }

        /** Looks once: on what comes next, there is another look. */
        private void lookBeforeHttp(BeforeHttp before) {
            if (watches.remove(connection) != null && !before.isOver()) {
                log.debug("{} did not come to HTTP in time", connection);
                before.late();
                connection.getEndPoint().close();
            }
        }
    }
}
