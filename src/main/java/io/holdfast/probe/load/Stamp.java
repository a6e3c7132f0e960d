// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Identifies a message: its sender, its number, and its scheduled moment. It is text that no envelope needs to escape,
 * and the last part of the message, so a stamp that arrived proves that the whole message arrived.
 *
 * <p>Finds stamps in a stream of bytes that may come in any pieces. Confined to one event loop.
 */
public final class Stamp {

    private static final byte MARK = '@';
    private static final int SOURCE_DIGITS = 6;
    private static final int NUMBER_DIGITS = 6;
    private static final int MOMENT_DIGITS = 10;

    /** The size of the shortest message. */
    public static final int LENGTH = 1 + SOURCE_DIGITS + NUMBER_DIGITS + MOMENT_DIGITS;

    /** Bits per digit: base 32. */
    private static final int BITS = 5;

    private static final int BASE = 1 << BITS;

    /** Exclusive upper bound for senders. */
    static final int SOURCES = 1 << (SOURCE_DIGITS * BITS);

    private static final ByteBuf PADDING = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(padding()));

    /** Called for each stamp. */
    interface Found {

        /**
         * A stamp was read.
         *
         * @param moment in nanoseconds since the start of the load
         */
        void stamp(int source, int number, long moment);
    }

    private int read;
    private long source;
    private long number;
    private long moment;

    /** A message of {@code size} bytes. */
    static ByteBuf message(int size, int source, int number, long moment) {
        ByteBuf message = ByteBufAllocator.DEFAULT.directBuffer(size);
        for (int left = size - LENGTH; left > 0; left -= PADDING.capacity()) {
            message.writeBytes(PADDING, 0, Math.min(left, PADDING.capacity()));
        }
        message.writeByte(MARK);
        write(message, source, SOURCE_DIGITS);
        write(message, number, NUMBER_DIGITS);
        write(message, moment, MOMENT_DIGITS);
        return message;
    }

    private static void write(ByteBuf message, long value, int digits) {
        for (int i = digits - 1; i >= 0; i--) {
            message.writeByte(Character.forDigit((int) (value >>> (i * BITS)) & (BASE - 1), BASE));
        }
    }

    /** Finds the stamps that end in {@code data}. */
    void find(ByteBuf data, Found found) {
        int end = data.writerIndex();
        for (int at = data.readerIndex(); at < end; at++) {
            if (read == 0) {
                at = data.indexOf(at, end, MARK);
                if (at < 0) {
                    return;
                }
                begin();
            } else if (take(data.getByte(at))) {
                read = 0;
                found.stamp((int) source, (int) number, moment);
            }
        }
    }

    private void begin() {
        read = 1;
        source = 0;
        number = 0;
        moment = 0;
    }

    /** Whether the stamp is complete. */
    private boolean take(byte character) {
        int digit = Character.digit(character, BASE);
        if (digit < 0) {
            read = 0;
            if (character == MARK) {
                begin();
            }
            return false;
        }
        if (read <= SOURCE_DIGITS) {
            source = source << BITS | digit;
        } else if (read <= SOURCE_DIGITS + NUMBER_DIGITS) {
            number = number << BITS | digit;
        } else {
            moment = moment << BITS | digit;
        }
        return ++read == LENGTH;
    }

    private static byte[] padding() {
        byte[] dots = new byte[4096];
        Arrays.fill(dots, (byte) '.');
        return dots;
    }
}
