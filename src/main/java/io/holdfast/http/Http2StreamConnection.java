// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.Connection;
import io.holdfast.delivery.Deliveries;
import io.holdfast.fault.Faults;
import io.holdfast.jetty.Http2EndPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;

/**
 * A stream of an HTTP/2 session while the body of a streamed response is sent. A body that is complete ends with END_STREAM,
 * any other one with RST_STREAM. The session reads the socket, so the end of the client is told without a read.
 */
final class Http2StreamConnection extends StreamConnection {

    private static final int DISCARDED = 8 * 1024;

    private final Http2EndPoint stream;

    Http2StreamConnection(
            Http2EndPoint stream,
            Connector connector,
            Connection connection,
            Deliveries deliveries,
            Faults faults,
            StreamBody body) {
        super(stream, connector, connection, deliveries, faults, body);
        this.stream = stream;
    }

    @Override
    public void onUpgradeTo(ByteBuffer bytes) {
        throw new IllegalStateException("The bytes of other streams are not for this one");
    }

    @Override
    public void onOpen() {
        stream.setIdleTimeout(0);
        if (delivery().open() && !stream.isInputComplete()) {
            awaitReadable();
        }
    }

    /** What the client sends after its request's head is dropped, as it would otherwise keep the window of the session. */
    @Override
    public void onFillable() {
        ByteBuffer bytes = BufferUtil.allocate(DISCARDED);
        try {
            int filled;
            do {
                BufferUtil.clear(bytes);
                filled = stream.fill(bytes);
                received(Math.max(filled, 0));
            } while (filled > 0);
            if (filled == 0) {
                awaitReadable();
            }
        } catch (IOException e) {
            // It is closed, and the end point has told it.
        }
    }

    @Override
    public void endOutput() {
        stream.shutdownOutput();
        stream.close();
    }

    /** END_STREAM would make a part of the body a whole. */
    @Override
    public void breakOff() {
        stream.reset();
    }

    @Override
    public void close() {
        stream.reset();
    }
}
