// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import io.holdfast.connection.AddressRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy tells of its client at the start of a connection, by the PROXY protocol 1 or 2.
 *
 * @param client the address of the client; null if the proxy speaks for itself, or does not know it
 * @param server the address that the client connected to; null with {@code client}
 * @param tls whether the client uses TLS up to the proxy. Only version 2 tells it
 */
public record ProxyHeader(
        @Nullable InetSocketAddress client, @Nullable InetSocketAddress server, boolean tls) {

    /** Bytes that a header may have, with all that version 2 adds to the addresses. */
    public static final int MAX_BYTES = 4096;

    private static final byte[] SIGNATURE_1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIGNATURE_2 = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    /** With the line's end. */
    private static final int MAX_LINE = 107;

    private static final int FIELDS = 6;
    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
    private static final int MAX_PORT = 65_535;

    private static final int FIXED_BYTES = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP_4 = 0x11;
    private static final int TCP_6 = 0x21;
    private static final int UNIX_STREAM = 0x31;
    private static final int TYPE_TLS = 0x20;
    private static final int CLIENT_USES_TLS = 1;

    private static final ProxyHeader OF_THE_PROXY_ITSELF = new ProxyHeader(null, null, false);

    /**
     * Reads the header that {@code bytes} begin with.
     *
     * @return null if more bytes are needed; then none was taken
     * @throws ProtocolException if no valid header can come of it
     */
    public static @Nullable ProxyHeader read(ByteBuffer bytes) throws ProtocolException {
        if (begins(bytes, SIGNATURE_1)) {
            return readLine(bytes);
        }
        if (begins(bytes, SIGNATURE_2)) {
            return bytes.remaining() < FIXED_BYTES ? null : readBinary(bytes);
        }
        throw new ProtocolException("no PROXY header");
    }

    /** Whether {@code bytes} are a part of {@code signature}, or begin with it. */
    private static boolean begins(ByteBuffer bytes, byte... signature) {
        int length = Math.min(bytes.remaining(), signature.length);
        return bytes.slice(bytes.position(), length).equals(ByteBuffer.wrap(signature, 0, length));
    }

    private static @Nullable ProxyHeader readLine(ByteBuffer bytes) throws ProtocolException {
        int length = Math.min(bytes.remaining(), MAX_LINE);
        byte[] start = new byte[length];
        bytes.get(bytes.position(), start);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n");
        if (end < 0) {
            if (length == MAX_LINE) {
                throw new ProtocolException("a line of over " + MAX_LINE + " bytes");
            }
            return null;
        }
        ProxyHeader header = ofFields(List.of(text.substring(0, end).split(" ", -1)));
        bytes.position(bytes.position() + end + 2);
        return header;
    }

    private static ProxyHeader ofFields(List<String> fields) throws ProtocolException {
        String family = fields.get(1);
        if (family.equals("UNKNOWN")) {
            return OF_THE_PROXY_ITSELF;
        }
        boolean isTcp6 = family.equals("TCP6");
        if (fields.size() != FIELDS || !(isTcp6 || family.equals("TCP4"))) {
            throw new ProtocolException("not of the form PROXY TCP4 192.0.2.1 192.0.2.2 50000 443");
        }
        return new ProxyHeader(
                address(fields.get(2), fields.get(4), isTcp6), address(fields.get(3), fields.get(5), isTcp6), false);
    }

    private static InetSocketAddress address(String host, String port, boolean isTcp6) throws ProtocolException {
        InetAddress address = host.contains(":") == isTcp6 ? AddressRange.address(host) : null;
        if (address == null || !PORT.matcher(port).matches() || Integer.parseInt(port) > MAX_PORT) {
            throw new ProtocolException("no address and port");
        }
        return new InetSocketAddress(address, Integer.parseInt(port));
    }

    private static @Nullable ProxyHeader readBinary(ByteBuffer bytes) throws ProtocolException {
        int start = bytes.position();
        int command = bytes.get(start + SIGNATURE_2.length) & 0xFF;
        int family = bytes.get(start + SIGNATURE_2.length + 1) & 0xFF;
        int length = bytes.getChar(start + SIGNATURE_2.length + 2);
        if (command != LOCAL && command != PROXY) {
            throw new ProtocolException("neither LOCAL nor PROXY of version 2");
        }
        if (FIXED_BYTES + length > MAX_BYTES) {
            throw new ProtocolException("a header of over " + MAX_BYTES + " bytes");
        }
        if (bytes.remaining() < FIXED_BYTES + length) {
            return null;
        }
        ByteBuffer rest = bytes.slice(start + FIXED_BYTES, length);
        ProxyHeader header = command == LOCAL ? OF_THE_PROXY_ITSELF : ofFamily(family, rest);
        bytes.position(start + FIXED_BYTES + length);
        return header;
    }

    private static ProxyHeader ofFamily(int family, ByteBuffer rest) throws ProtocolException {
        return switch (family) {
            case UNSPECIFIED, UNIX_STREAM -> OF_THE_PROXY_ITSELF;
            case TCP_4 -> ofAddresses(4, rest);
            case TCP_6 -> ofAddresses(16, rest);
            default -> throw new ProtocolException("neither TCP over IPv4 nor over IPv6");
        };
    }

    private static ProxyHeader ofAddresses(int bytes, ByteBuffer rest) throws ProtocolException {
        if (rest.remaining() < 2 * (bytes + Character.BYTES)) {
            throw new ProtocolException("addresses that are cut off");
        }
        InetAddress client = address(bytes, rest);
        InetAddress server = address(bytes, rest);
        return new ProxyHeader(
                new InetSocketAddress(client, rest.getChar()),
                new InetSocketAddress(server, rest.getChar()),
                isTls(rest));
    }

    private static InetAddress address(int length, ByteBuffer from) {
        byte[] address = new byte[length];
        from.get(address);
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    /** What follows the addresses are a type, a length and a value each. */
    private static boolean isTls(ByteBuffer rest) throws ProtocolException {
        boolean tls = false;
        while (rest.hasRemaining()) {
            int left = rest.remaining() - 1 - Character.BYTES;
            int type = rest.get() & 0xFF;
            if (left < 0 || rest.getChar(rest.position()) > left) {
                throw new ProtocolException("a value that is cut off");
            }
            int length = rest.getChar();
            tls |= type == TYPE_TLS && length > 0 && (rest.get(rest.position()) & CLIENT_USES_TLS) != 0;
            rest.position(rest.position() + length);
        }
        return tls;
    }
}
