// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.DeliveryListener;
import java.time.Duration;

/** An event stream whose first line says when a client should reconnect. */
record RetryFirst(Duration retry, DeliveryListener stream) implements DeliveryListener {

    @Override
    public void opened(Delivery delivery) {
        delivery.sendPart("retry: " + retry.toMillis() + "\n\n");
        stream.opened(delivery);
        delivery.flush();
    }

    @Override
    public void drained() {
        stream.drained();
    }

    @Override
    public void inputEnded(Delivery delivery) {
        stream.inputEnded(delivery);
    }

    @Override
    public void principalChanged() {
        stream.principalChanged();
    }

    @Override
    public boolean isIdle() {
        return stream.isIdle();
    }

    @Override
    public void closed() {
        stream.closed();
    }
}
