package io.holdfast.http;

import io.holdfast.connection.CloseReason;
import io.holdfast.fault.Cut;
import io.holdfast.fault.Exit;
import io.holdfast.fault.Sockets;

/** How a stream is cut. */
record StreamExit(StreamConnection stream) implements Exit {

    @Override
    public void ending() {
        stream.connection().ending(CloseReason.FAULT);
    }

    @Override
    public void close(Cut cut) {
        stream.end();
    }

    @Override
    public void reset() {
        stream.fallSilent();
        Sockets.reset(stream.getEndPoint());
    }

    @Override
    public void stall() {
        stream.fallSilent();
    }

    @Override
    public void halfClose() {
        stream.fallSilent();
        stream.getEndPoint().shutdownOutput();
        stream.discardInput();
    }

    @Override
    public void abort() {
        stream.abort();
    }
}
