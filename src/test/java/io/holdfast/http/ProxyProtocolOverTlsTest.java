// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.support.TestCertificate;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** As {@link ProxyProtocolTest}, with TLS after the header. */
class ProxyProtocolOverTlsTest extends ProxyProtocolTest {

    private static final TestCertificate CERTIFICATE = TestCertificate.inFiles("localhost");

    @DynamicPropertySource
    static void tls(DynamicPropertyRegistry properties) {
        properties.add("server.ssl.certificate", () -> "file:" + CERTIFICATE.file());
        properties.add("server.ssl.certificate-private-key", () -> "file:" + CERTIFICATE.key());
    }

    @Override
    TestSocket begin(TestSocket proxied) throws IOException {
        return proxied.withTls(TestCertificate.client(null, CERTIFICATE));
    }
}
