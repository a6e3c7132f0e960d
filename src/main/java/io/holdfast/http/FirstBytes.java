// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.jetty.SocketCounts;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** Reads the first bytes of a socket, and decides by them what comes next. Confined to one thread at a time. */
abstract class FirstBytes extends AbstractConnection
        implements Connection.UpgradeTo, Connection.UpgradeFrom, BeforeHttp {

    private final Connector connector;
    private final int most;

    /** What was read, and was not used. */
    private @Nullable ByteBuffer bytes;

    private long read;

    /** @param most bytes that are read before it is decided */
    FirstBytes(EndPoint endPoint, Connector connector, int most) {
        super(endPoint, connector.getExecutor());
        this.connector = connector;
        this.most = most;
    }

    /**
     * Looks at what has arrived, and goes on with the socket: by an upgrade of the end point, by closing it, or in another way.
     *
     * @return false if more bytes are needed
     * @throws IOException if what has arrived cannot be used
     */
    abstract boolean decide(ByteBuffer arrived) throws IOException;

    /** Whether anything is to be read. If not, the socket is closed. */
    boolean isExpected() {
        return true;
    }

    /** What has arrived cannot be used, and the socket is closed. */
    void refused(IOException cause) {}

    @Override
    public final void onUpgradeTo(ByteBuffer before) {
        ByteBuffer own = buffer();
        if (before.remaining() > BufferUtil.space(own)) {
            bytes = own = BufferUtil.allocate(before.remaining());
        }
        BufferUtil.append(own, before);
    }

    @Override
    public final @Nullable ByteBuffer onUpgradeFrom() {
        ByteBuffer left = bytes;
        bytes = null;
        return left == null || !left.hasRemaining() ? null : left;
    }

    @Override
    public final void onOpen() {
        super.onOpen();
        if (!isExpected()) {
            getEndPoint().close();
            return;
        }
        ByteBuffer arrived = bytes;
        if (arrived == null || !decideOrClose(arrived)) {
            fillInterested();
        }
    }

    @Override
    public final void onFillable() {
        ByteBuffer buffer = buffer();
        try {
            int filled = getEndPoint().fill(buffer);
            read += Math.max(filled, 0);
            if (filled < 0) {
                if (buffer.hasRemaining()) {
                    refused(new EOFException("an end before it was complete"));
                }
                getEndPoint().close();
            } else if (filled == 0 || !decideOrClose(buffer)) {
                fillInterested();
            }
        } catch (IOException e) {
            getEndPoint().close(e);
        }
    }

    private boolean decideOrClose(ByteBuffer arrived) {
        try {
            return decide(arrived);
        } catch (IOException e) {
            refused(e);
            getEndPoint().close(e);
            return true;
        }
    }

    private ByteBuffer buffer() {
        ByteBuffer own = bytes;
        if (own == null) {
            bytes = own = BufferUtil.allocate(most);
        }
        return own;
    }

    /** What has passed on the socket so far. */
    final SocketCounts counts() {
        return new SocketCounts(read, 0, 0);
    }

    final Connector connector() {
        return connector;
    }

    @Override
    public final boolean isOver() {
        return false;
    }
}
