// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.net.InetAddress;
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
public record AddressRange(InetAddress first, int prefix) {

    private static final Pattern TEXT = Pattern.compile("([0-9A-Fa-f.:]+)(?:/([0-9]{1,3}))?");

    /** With four numbers, none of which has a leading zero: some would read it as octal. */
    private static final Pattern V4 = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");

    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

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
    public static @Nullable InetAddress address(String text) {
        if (!V4.matcher(text).matches() && !V6.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
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
