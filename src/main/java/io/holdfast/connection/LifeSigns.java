package io.holdfast.connection;

import java.time.Duration;
import org.springframework.stereotype.Component;

/** Starts the watches that find peers which vanished or have nothing more to say. */
@Component
public final class LifeSigns {

    private final Timers timers;
    private final HeartbeatProperties heartbeat;
    private final IdleProperties idle;

    LifeSigns(Timers timers, HeartbeatProperties heartbeat, IdleProperties idle) {
        this.timers = timers;
        this.heartbeat = heartbeat;
        this.idle = idle;
    }

    /** Pings {@code connection} from a random moment of the first interval on, until the heartbeat is stopped. */
    public Heartbeat heartbeat(Connection connection, Heartbeat.Pulse pulse) {
        Heartbeat started = new Heartbeat(timers, heartbeat, connection, pulse);
        started.start();
        return started;
    }

    /** Watches for {@code holdfast.idle.tcp} of silence, until the watch is stopped. */
    public IdleDeadline idle(Connection connection) {
        IdleDeadline started = new IdleDeadline(timers, idle.tcp().toNanos(), connection);
        started.start();
        return started;
    }

    /** Runs {@code action} once, unless it is cancelled by who got the handle. */
    public void after(Duration delay, Runnable action) {
        timers.after(delay, action);
    }
}
