// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol, versions 1 and 2, as HAProxy's specification has it. */
class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String FROM_192_0_2_1 = "c0000201c0000202" + "c350" + "01bb";
    private static final String REST = "GET /";

    /** A text, or the digits of bytes after {@code 0x}. */
    private static ByteBuffer bytes(String header) {
        byte[] start = header.startsWith("0x")
                ? HexFormat.of().parseHex(SIGNATURE + header.substring(2))
                : header.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer all = ByteBuffer.allocate(start.length + REST.length());
        return all.put(start).put(REST.getBytes(StandardCharsets.US_ASCII)).flip();
    }

    private static String v2(String commandAndFamily, String content) {
        return "0x" + commandAndFamily + String.format("%04x", content.length() / 2) + content;
    }

    private static ProxyHeader read(ByteBuffer bytes) throws ProtocolException {
        return Objects.requireNonNull(ProxyHeader.read(bytes));
    }

    /** Each header is read when it is complete and not before, and nothing behind it is taken. */
    private static ProxyHeader readByteByByte(String header) throws ProtocolException {
        ByteBuffer all = bytes(header);
        int end = all.limit() - REST.length();
        for (int length = 0; length < end; length++) {
            ByteBuffer part = all.duplicate().limit(length);
            assertThat(ProxyHeader.read(part)).isNull();
            assertThat(part.position()).isZero();
        }
        ProxyHeader read = read(all);
        assertThat(all.position()).isEqualTo(end);
        return read;
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.1 192.0.2.2 50000 443\\r\\n, /192.0.2.1:50000",
        "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\\r\\n, /0.0.0.0:0",
        "PROXY TCP6 2001:db8::1 ::1 50000 443\\r\\n, '/[2001:db8:0:0:0:0:0:1]:50000'",
        "PROXY TCP6 ::ffff:192.0.2.1 ::1 50000 443\\r\\n, /192.0.2.1:50000",
    })
    void line(String header, String client) throws ProtocolException {
        assertThat(readByteByByte(header).client()).hasToString(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\\r\\n",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\\r\\n",
            })
    void lineOfAnUnknownClient(String header) throws ProtocolException {
        assertThat(readByteByByte(header)).isEqualTo(new ProxyHeader(null, null, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\\r\\n",
                "PROXX ",
                "PROXY\\r\\n",
                "PROXY \\r\\n",
                "PROXY TCP4\\r\\n",
                "PROXY UDP4 192.0.2.1 192.0.2.2 50000 443\\r\\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 50000\\r\\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 50000 443 1\\r\\n",
                "PROXY TCP4  192.0.2.1 192.0.2.2 50000 443\\r\\n",
                "PROXY TCP4 localhost 192.0.2.2 50000 443\\r\\n",
                "PROXY TCP4 2001:db8::1 ::1 50000 443\\r\\n",
                "PROXY TCP6 192.0.2.1 192.0.2.2 50000 443\\r\\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 65536 443\\r\\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 -1 443\\r\\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 050 443\\r\\n",
            })
    void lineThatIsNone(String header) {
        assertThatThrownBy(() -> ProxyHeader.read(bytes(header))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void lineWithoutAnEnd() throws ProtocolException {
        String start = "PROXY UNKNOWN ";
        assertThat(ProxyHeader.read(bytes(start + "x".repeat(107 - start.length() - REST.length() - 1))))
                .isNull();
        assertThatThrownBy(() -> ProxyHeader.read(bytes(start + "x".repeat(100))))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void binary() throws ProtocolException {
        ProxyHeader read = readByteByByte(v2("2111", FROM_192_0_2_1));

        assertThat(read.client()).hasToString("/192.0.2.1:50000");
        assertThat(read.server()).hasToString("/192.0.2.2:443");
        assertThat(read.tls()).isFalse();
    }

    @Test
    void binaryOverIpv6() throws ProtocolException {
        String address = "20010db8000000000000000000000001";

        assertThat(readByteByByte(v2("2121", address + address + "c35001bb")).client())
                .hasToString("/[2001:db8:0:0:0:0:0:1]:50000");
    }

    /** The second value says whether the client uses TLS. */
    @ParameterizedTest
    @CsvSource({"01, true", "07, true", "00, false", "02, false"})
    void binaryWithMore(String flags, boolean tls) throws ProtocolException {
        String more = "010002" + "6832" + "200005" + flags + "00000000" + "040001" + "00";

        assertThat(readByteByByte(v2("2111", FROM_192_0_2_1 + more)).tls()).isEqualTo(tls);
    }

    @ParameterizedTest
    @CsvSource({"2000", "2011", "2100", "2131"})
    void binaryWithoutAnAddressThatCounts(String commandAndFamily) throws ProtocolException {
        assertThat(readByteByByte(v2(commandAndFamily, "00".repeat(216))))
                .isEqualTo(new ProxyHeader(null, null, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Version 1 in the form of version 2, no command, UDP, and no family.
                "1111",
                "2211",
                "2112",
                "2141",
            })
    void binaryOfAnotherKind(String commandAndFamily) {
        assertThatThrownBy(() -> ProxyHeader.read(bytes(v2(commandAndFamily, FROM_192_0_2_1))))
                .isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0000201c0000202c350", FROM_192_0_2_1 + "01", FROM_192_0_2_1 + "010002ff"})
    void binaryThatIsCutOffInside(String content) {
        assertThatThrownBy(() -> ProxyHeader.read(bytes(v2("2111", content)))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void binaryOf64Kilobytes() {
        assertThatThrownBy(() -> ProxyHeader.read(bytes("0x2111ffff"))).isInstanceOf(ProtocolException.class);
    }
}
