package io.holdfast.http;

import io.holdfast.connection.CloseReason;
import java.time.Duration;

/** An event stream that first of all says when to come back. */
record RetryFirst(Duration retry, StreamSource source) implements StreamSource {

    @Override
    public void start(StreamConnection body) {
        body.sendPart("retry: " + retry.toMillis() + "\n\n");
        source.start(body);
        body.flush();
    }

    @Override
    public void drained() {
        source.drained();
    }

    @Override
    public String sign() {
        return source.sign();
    }

    @Override
    public String goodbye(CloseReason reason) {
        return source.goodbye(reason);
    }

    @Override
    public void stop() {
        source.stop();
    }
}
