package io.holdfast.http;

import io.holdfast.connection.CloseReason;

/** A whole answer as the body of a stream, so that all that can go wrong with a stream can go wrong with it. */
final class OneAnswer implements StreamSource {

    private final byte[] answer;
    private boolean stopped;

    OneAnswer(byte... answer) {
        this.answer = answer;
    }

    @Override
    public synchronized void start(StreamConnection body) {
        if (!stopped) {
            body.send(answer);
            body.end();
        }
    }

    @Override
    public void drained() {}

    @Override
    public String sign() {
        return "";
    }

    @Override
    public String goodbye(CloseReason reason) {
        return "";
    }

    @Override
    public synchronized void stop() {
        stopped = true;
    }
}
