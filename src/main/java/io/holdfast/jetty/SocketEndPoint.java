package io.holdfast.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A socket of Jetty that writes small buffers as one. The system call for several buffers ({@code writev}) costs more than
 * to copy some hundred bytes.
 */
public final class SocketEndPoint extends SocketChannelEndPoint {

    /** Up to this many bytes are copied to be one buffer. */
    private static final int SMALL = 4 * 1024;

    public SocketEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        long bytes = 0;
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        if (buffers.length == 1) {
            return bytes == write(buffers[0]);
        }
        if (bytes > SMALL) {
            return super.flush(buffers);
        }
        ByteBuffer joined = ByteBuffer.allocate((int) bytes);
        for (ByteBuffer buffer : buffers) {
            joined.put(joined.position(), buffer, buffer.position(), buffer.remaining());
            joined.position(joined.position() + buffer.remaining());
        }
        int written = write(joined.flip());
        int left = written;
        for (ByteBuffer buffer : buffers) {
            int ofThis = Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + ofThis);
            left -= ofThis;
        }
        return bytes == written;
    }

    private int write(ByteBuffer bytes) throws EofException {
        int written;
        try {
            written = getChannel().write(bytes);
        } catch (IOException e) {
            throw new EofException(e);
        }
        if (written > 0) {
            notIdle();
        }
        return written;
    }
}
