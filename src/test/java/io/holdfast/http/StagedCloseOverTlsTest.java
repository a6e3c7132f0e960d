// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestCertificate;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** As {@link StagedCloseTest}, over TLS. */
@HoldfastTest
class StagedCloseOverTlsTest {

    private static final int LARGE = 32 * 1024 * 1024;

    private static final TestCertificate CERTIFICATE = TestCertificate.inFiles("localhost");

    @Autowired
    Ports ports;

    @DynamicPropertySource
    static void tls(DynamicPropertyRegistry properties) {
        properties.add("server.ssl.certificate", () -> "file:" + CERTIFICATE.file());
        properties.add("server.ssl.certificate-private-key", () -> "file:" + CERTIFICATE.key());
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3,POST /echo,413",
        "TLSv1.2,POST /echo,413",
        "TLSv1.3,POST /nothing,404",
        "TLSv1.2,POST /nothing,404",
        "TLSv1.3,POST /%zz,400",
        "TLSv1.2,POST /%zz,400"
    })
    void rfc9112Section9_6AnswerIsNotLostByUnreadInput(String version, String target, int status) throws Exception {
        try (SSLSocket socket = connect(version)) {
            String head = target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + LARGE + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[LARGE]);

            // An end without close_notify would be an exception.
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 " + status).contains("Connection: close", "\"status\":" + status);
        }
    }

    private SSLSocket connect(String version) throws Exception {
        SSLSocket socket = (SSLSocket) TestCertificate.client(null, CERTIFICATE)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), ports.http());
        socket.setEnabledProtocols(new String[] {version});
        socket.setSoTimeout(20_000);
        return socket;
    }
}
