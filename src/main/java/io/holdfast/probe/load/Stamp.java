package io.holdfast.probe.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * What a message carries to be known again: who sent it, its number, and the moment when it was meant to be sent. In
 * text that no envelope needs to escape, and at the message's end, so that all of the message came if its stamp did.
 *
 * <p>Reads stamps out of whatever comes, in whatever pieces. Confined to one event loop.
 */
public final class Stamp {

    private static final byte MARK = '@';
    private static final int SOURCE_DIGITS = 6;
    private static final int NUMBER_DIGITS = 6;
    private static final int MOMENT_DIGITS = 10;

    /** The shortest message that has room for one. */
    public static final int LENGTH = 1 + SOURCE_DIGITS + NUMBER_DIGITS + MOMENT_DIGITS;

    /** Digits are of base 32. */
    private static final int BITS = 5;

    private static final int BASE = 1 << BITS;

    /** More than there are sources. */
    static final int SOURCES = 1 << (SOURCE_DIGITS * BITS);

    private static final ByteBuf PADDING = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(padding()));

    /** Is told of each stamp. */
    interface Found {

        /**
         * One was read.
         *
         * @param moment in nanoseconds of the run
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

    /** Finds those that end in {@code data}. */
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
