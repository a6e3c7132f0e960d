// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import java.nio.ByteBuffer;

/** A wire whose socket takes all bytes at once. */
final class TakingWire extends WriteOnlyWire {

    @Override
    public void write(ByteBuffer[] batch, Completion completion) {
        for (ByteBuffer part : batch) {
            part.position(part.limit());
        }
        completion.written();
    }
}
