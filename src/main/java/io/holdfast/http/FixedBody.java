// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.CloseReason;
import io.holdfast.delivery.Delivery;
import java.nio.ByteBuffer;

/** A body that is known as a whole. It is sent as a stream so that a fault can be applied to it. */
final class FixedBody implements StreamBody.Listener {

    private final byte[] body;

    FixedBody(byte... body) {
        this.body = body;
    }

    @Override
    public void opened(Delivery delivery) {
        delivery.connection().sent(body.length);
        delivery.connection().messageSent();
        delivery.append(delivery.framing().frame(ByteBuffer.wrap(body)));
        delivery.flush();
        delivery.connection().close(CloseReason.COMPLETED);
    }

    @Override
    public void closed() {}
}
