package io.holdfast.jetty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses that begin with the same bits (RFC 4632, section 3.1, and RFC 4291, section 2.3).
 *
 * @param first one of them
 * @param prefix the number of bits that are the same
 */
record AddressRange(InetAddress first, int prefix) {

    private static final Pattern TEXT = Pattern.compile("([0-9A-Fa-f.:]+)(?:/([0-9]{1,3}))?");

    /** The range that {@code text} is, as {@code 10.0.0.1} or {@code 2001:db8::/32}; null if it is none. */
    static @Nullable AddressRange parse(String text) {
        Matcher parts = TEXT.matcher(text);
        InetAddress first = parts.matches() ? address(parts.group(1)) : null;
        if (first == null) {
            return null;
        }
        int bits = first.getAddress().length * Byte.SIZE;
        int prefix = parts.group(2) == null ? bits : Integer.parseInt(parts.group(2));
        return prefix <= bits ? new AddressRange(first, prefix) : null;
    }

    /** As {@link #parse}, for a text that was checked. */
    static AddressRange of(String text) {
        AddressRange range = parse(text);
        if (range == null) {
            throw new IllegalArgumentException("no range of addresses");
        }
        return range;
    }

    /** The address that {@code text} is; null if it is none. No name is looked up. */
    static @Nullable InetAddress address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    boolean contains(InetAddress address) {
        byte[] own = first.getAddress();
        byte[] other = address.getAddress();
        if (own.length != other.length) {
            return false;
        }
        int differing = Arrays.mismatch(own, other);
        return differing < 0
                || differing * Byte.SIZE + Integer.numberOfLeadingZeros((own[differing] ^ other[differing]) & 0xFF) - 24
                        >= prefix;
    }
}
