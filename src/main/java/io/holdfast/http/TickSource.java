package io.holdfast.http;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Goodbye;
import io.holdfast.fault.Beat;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** Fills a stream with ticks: the next one when its time has come and the one before has left. Safe from any thread. */
final class TickSource implements StreamSource {

    private final Ticks ticks;
    private final StreamFormat format;
    private final Beat.Kind sign;

    // Guarded by this.
    private @Nullable StreamConnection body;
    private Scheduler.@Nullable Task timer;
    private boolean stopped;

    TickSource(Ticks ticks, StreamFormat format, Beat.Kind sign) {
        this.ticks = ticks;
        this.format = format;
        this.sign = sign;
    }

    @Override
    public void start(StreamConnection started) {
        synchronized (this) {
            body = started;
        }
        drained();
    }

    @Override
    public synchronized void drained() {
        if (body != null && ticks.isUnpaced()) {
            // A fast client must not keep the thread from other connections: each batch queues for it anew.
            body.executor().execute(this::next);
        } else {
            next();
        }
    }

    private synchronized void next() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (stopped || body == null || !body.isCaughtUp()) {
            return;
        }
        switch (ticks.next(System.nanoTime())) {
            case Ticks.Step.Send(String text, int count) -> {
                body.send(text, count);
                body.flush();
            }
            case Ticks.Step.Wait(long nanos) ->
                timer = body.scheduler().schedule(this::next, nanos, TimeUnit.NANOSECONDS);
            case Ticks.Step.End ignored -> body.end();
        }
    }

    @Override
    public String sign() {
        return format.heartbeat(sign);
    }

    @Override
    public String goodbye(CloseReason reason) {
        return reason.toldOnStreams() ? format.goodbye(Goodbye.of(reason)) : "";
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
