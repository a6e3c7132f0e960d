package io.holdfast.delivery;

import java.nio.ByteBuffer;

/** A wire whose socket takes all bytes at once. */
final class TakingWire implements Wire {

    @Override
    public void write(ByteBuffer[] batch, Completion completion) {
        for (ByteBuffer part : batch) {
            part.position(part.limit());
        }
        completion.written();
    }

    @Override
    public long unwrittenBytes() {
        return 0;
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public void readOnce() {}

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {}

    @Override
    public void reset() {}
}
