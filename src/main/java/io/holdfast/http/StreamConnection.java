// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.delivery.Deliveries;
import io.holdfast.delivery.Delivery;
import io.holdfast.fault.Faults;
import io.holdfast.jetty.Http2EndPoint;
import io.holdfast.jetty.JettyConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/** What the body of a streamed response is sent on. Safe from any thread. */
abstract sealed class StreamConnection extends JettyConnection permits Http1StreamConnection, Http2StreamConnection {

    private final Delivery delivery;

    @SuppressWarnings("this-escape") // the delivery is not used before the connection is opened
    StreamConnection(
            EndPoint endPoint,
            Connector connector,
            Connection connection,
            Deliveries deliveries,
            Faults faults,
            StreamBody body) {
        super(endPoint, connector);
        this.delivery = deliveries.create(
                connection, this, body.framing(), body.heartbeat(), faults.decorator(body.fault()), body.listener());
    }

    /** @param endPoint a socket over HTTP/1.1, a stream over HTTP/2 */
    static StreamConnection of(
            EndPoint endPoint,
            Connector connector,
            Connection connection,
            Deliveries deliveries,
            Faults faults,
            StreamBody body) {
        return endPoint instanceof Http2EndPoint stream
                ? new Http2StreamConnection(stream, connector, connection, deliveries, faults, body)
                : new Http1StreamConnection(endPoint, connector, connection, deliveries, faults, body);
    }

    final Delivery delivery() {
        return delivery;
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        delivery.closed(CloseReason.CLIENT);
    }
}
