// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.client.HttpProtocol;
import org.springframework.test.context.TestPropertySource;

/** As {@link ComparisonTest}, over HTTP/2 in clear text: the relay counts the bytes of whole sessions. */
@TestPropertySource(properties = "server.http2.enabled=true")
class ComparisonOverHttp2Test extends ComparisonTest {

    @Override
    HttpProtocol protocol() {
        return HttpProtocol.HTTP_2;
    }
}
