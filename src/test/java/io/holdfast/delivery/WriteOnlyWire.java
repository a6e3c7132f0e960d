// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

/** A wire of which an outbox needs one method. */
abstract class WriteOnlyWire implements Wire {

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
