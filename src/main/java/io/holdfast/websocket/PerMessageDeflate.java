// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.memory.MemoryPart;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.eclipse.jetty.util.compression.CompressionPool;
import org.eclipse.jetty.util.compression.DeflaterPool;
import org.eclipse.jetty.util.compression.InflaterPool;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Compression of message payloads (RFC 7692), for one connection.
 *
 * <p>Neither side keeps its context from message to message: a window would cost every idle connection about 300 KB of
 * native memory. So compressors are borrowed from a pool for one message.
 *
 * <p>Safe from any thread: another thread than the one that reads or sends may close the connection.
 */
final class PerMessageDeflate {

    /** Receives inflated payload; the buffer is only valid during the call. */
    interface Output {
        void accept(ByteBuffer payload, boolean last) throws ProtocolViolation;
    }

    static final String NAME = "permessage-deflate";

    private static final String SERVER_WINDOW = "server_max_window_bits";

    /** The base-2 logarithm of zlib's window, the only one that {@link Deflater} has. */
    private static final String WINDOW_BITS = "15";

    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
    private static final byte[] EMPTY_BLOCK = {0};
    private static final int PIECE = 16 * 1024;

    /** Native memory of an inflater in use: its window, and its state. */
    private static final int INFLATER = 40 * 1024;

    private final InflaterPool inflaters;
    private final DeflaterPool deflaters;
    private final MemoryPart memory;
    private long maxMessage;

    private boolean released;
    private boolean stopped;

    /** Whoever is given a piece may end the connection: then the inflater is still in use. */
    private boolean inUse;

    private CompressionPool<Inflater>.@Nullable Entry inflating;
    private long inflated;
    private CompressionPool<Deflater>.@Nullable Entry deflating;

    /**
     * @param memory counts an inflater in use
     * @param maxMessage bytes of a message's payload after inflation
     */
    PerMessageDeflate(InflaterPool inflaters, DeflaterPool deflaters, MemoryPart memory, long maxMessage) {
        this.memory = memory;
        this.inflaters = inflaters;
        this.deflaters = deflaters;
        this.maxMessage = maxMessage;
    }

    synchronized void maxMessage(long bytes) {
        maxMessage = bytes;
    }

    /**
     * Chooses the first acceptable offer: any valid one (section 7) but one that asks for a smaller window of ours. That
     * the client's window may be smaller is only a hint, which needs no answer.
     *
     * @return the extension to answer with; null if no offer is acceptable
     */
    static @Nullable String negotiate(List<ExtensionOffer> offers) {
        return offers.stream()
                .filter(PerMessageDeflate::isAcceptable)
                .findFirst()
                .map(PerMessageDeflate::answer)
                .orElse(null);
    }

    private static boolean isAcceptable(ExtensionOffer offer) {
        Set<String> names = new HashSet<>();
        return offer.name().equals(NAME)
                && offer.parameters().stream()
                        .allMatch(parameter -> names.add(parameter.name()) && isAcceptable(parameter));
    }

    private static boolean isAcceptable(ExtensionOffer.Parameter parameter) {
        String value = parameter.value();
        return switch (parameter.name()) {
            case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
            case "client_max_window_bits" -> value == null || value.matches("[89]|1[0-5]");
            case SERVER_WINDOW -> WINDOW_BITS.equals(value);
            default -> false;
        };
    }

    /** A window that the client asked for is confirmed: section 7.1.2.1. */
    private static String answer(ExtensionOffer offer) {
        boolean windowAsked = offer.parameters().stream()
                .anyMatch(parameter -> parameter.name().equals(SERVER_WINDOW));
        return NAME + "; server_no_context_takeover; client_no_context_takeover"
                + (windowAsked ? "; " + SERVER_WINDOW + "=" + WINDOW_BITS : "");
    }

    /** Inflates the next piece of a message and hands on the result, possibly in several pieces. */
    synchronized void inflate(ByteBuffer compressed, boolean last, Output output) throws ProtocolViolation {
        if (inflating == null) {
            if (stopped) {
                return;
            }
            if (!memory.reserve(INFLATER)) {
                throw new ProtocolViolation(CloseStatus.SERVICE_OVERLOAD, memory.property() + " is reached");
            }
            inflating = inflaters.acquire();
            inflated = 0;
        }
        inUse = true;
        try {
            inflate(inflating.get(), compressed, last, output);
        } finally {
            inUse = false;
            if (last || stopped) {
                releaseInflater();
            }
        }
        if (last && !stopped) {
            output.accept(ByteBuffer.allocate(0), true);
        }
    }

    private void inflate(Inflater inflater, ByteBuffer compressed, boolean last, Output output)
            throws ProtocolViolation {
        byte[] piece = new byte[PIECE];
        inflater.setInput(compressed);
        pump(inflater, piece, output);
        // A block may be marked as the last one and still be followed by others (RFC 7692, section 7.2.3.4).
        while (inflater.finished() && compressed.hasRemaining()) {
            inflater.reset();
            inflater.setInput(compressed);
            pump(inflater, piece, output);
        }
        if (last) {
            inflater.setInput(TAIL);
            pump(inflater, piece, output);
        }
    }

    private void pump(Inflater inflater, byte[] piece, Output output) throws ProtocolViolation {
        try {
            while (true) {
                int length = stopped ? 0 : inflater.inflate(piece);
                if (length == 0) {
                    return;
                }
                inflated += length;
                if (inflated > maxMessage) {
                    throw new ProtocolViolation(
                            CloseStatus.TOO_BIG_TO_PROCESS, "message inflates to over " + maxMessage + " bytes");
                }
                output.accept(ByteBuffer.wrap(piece, 0, length), false);
            }
        } catch (DataFormatException e) {
            throw new ProtocolViolation(CloseStatus.BAD_DATA, "payload is not a deflate stream");
        }
    }

    /** The compressed form of {@code payload}, the next piece of a message; flushed, so that the peer can read it at once. */
    synchronized ByteBuffer deflate(ByteBuffer payload, boolean last) {
        if (deflating == null) {
            if (released) {
                return ByteBuffer.allocate(0);
            }
            deflating = deflaters.acquire();
        }
        ByteBuffer compressed = compress(deflating.get(), payload, last);
        if (last) {
            deflating.release();
            deflating = null;
        }
        return compressed;
    }

    /**
     * Compresses the next piece of a message and flushes, so that the peer can read it at once (RFC 7692, section 7.2.1).
     */
    static ByteBuffer compress(Deflater deflater, ByteBuffer payload, boolean last) {
        deflater.setInput(payload);
        // A stored block of deflate adds 5 bytes for at most 16 KB, a flush a few more.
        byte[] out = new byte[payload.remaining() + payload.remaining() / 1000 + 64];
        int length = 0;
        while (true) {
            length += deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
            if (length < out.length) {
                break;
            }
            out = Arrays.copyOf(out, out.length * 2);
        }
        if (!last) {
            return ByteBuffer.wrap(out, 0, length);
        }
        // If nothing was added since the last flush, zlib writes nothing at all. The peer still needs an empty block.
        return length == 0 ? ByteBuffer.wrap(EMPTY_BLOCK) : ByteBuffer.wrap(out, 0, length - TAIL.length);
    }

    /** Abandons the message that is being inflated, and inflates no other. */
    synchronized void stopInflating() {
        stopped = true;
        if (!inUse) {
            releaseInflater();
        }
    }

    /** Gives the compressors back, for good. A message in progress is abandoned. */
    synchronized void release() {
        released = true;
        stopInflating();
        if (deflating != null) {
            deflating.release();
            deflating = null;
        }
    }

    private void releaseInflater() {
        if (inflating != null) {
            inflating.release();
            inflating = null;
            memory.release(INFLATER);
        }
    }
}
