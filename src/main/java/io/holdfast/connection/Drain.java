// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.settings.Setting;
import io.holdfast.time.Timers;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.stereotype.Component;

/**
 * Closes all connections when the service stops. New ones are refused, and so are messages that only this node delivers.
 * Each open one gets its goodbye at its own random moment of the window, so that the clients do not all reconnect at once.
 *
 * <p>It runs in the default phase, which stops before the web server's phase. That one would wait for open streams
 * until its grace period is over. Readiness is down by then: the application context does that first.
 */
@Component
final class Drain implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Connections connections;
    private final Timers timers;
    private final DrainProperties properties;
    private final List<Acceptor> acceptors;
    private volatile boolean running;

    Drain(
            Connections connections,
            Timers timers,
            DrainProperties properties,
            List<Acceptor> acceptors,
            DefaultLifecycleProcessor lifecycle) {
        this.connections = connections;
        this.timers = timers;
        this.properties = properties;
        this.acceptors = acceptors;
        // Otherwise the container would go on after 30 s, whatever the window is.
        lifecycle.setTimeoutForShutdownPhase(
                DEFAULT_PHASE, properties.window().plus(GRACE.multipliedBy(3)).toMillis());
    }

    @Override
    public void start() {
        connections.startAdmitting();
        acceptors.forEach(Acceptor::startAccepting);
        running = true;
    }

    @Override
    public void stop(Runnable done) {
        running = false;
        connections.startDraining();
        acceptors.forEach(Acceptor::stopAccepting);
        int count = connections.open().size();
        if (count > 0) {
            log.info("Draining {} connections within {}", count, Setting.text(properties.window()));
        }
        for (Connection connection : connections.open()) {
            timers.after(Timers.phase(properties.window()), () -> connection.close(CloseReason.DRAINING));
        }
        finish(timers.nanos() + properties.window().plus(GRACE).toNanos(), done);
    }

    private void finish(long deadline, Runnable done) {
        int left = connections.open().size();
        if (left == 0 || timers.nanos() - deadline >= 0) {
            if (left > 0) {
                log.info("Draining is over with {} connections left, which are closed now", left);
                connections.open().forEach(connection -> connection.abort(CloseReason.DRAINING));
            }
            done.run();
        } else {
            timers.after(LOOK, () -> finish(deadline, done));
        }
    }

    @Override
    public void stop() {
        throw new UnsupportedOperationException("stopped with a callback");
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
