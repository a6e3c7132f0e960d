// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import io.holdfast.support.ServiceProcess;
import java.io.IOException;
import java.util.List;

/** Over HTTP/2 with TLS, and over TCP with TLS. */
class AttackOverHttp2TlsTest extends AttackOverHttp2Test {

    AttackOverHttp2TlsTest() throws IOException {}

    @Override
    ServiceProcess start(List<String> options, String... settings) throws Exception {
        return ServiceProcess.startWithTls(options, settings);
    }

    /** A read may have returned two records only: 32 KB. */
    @Override
    int peersThatDoNotRead() {
        return 2 * super.peersThatDoNotRead();
    }
}
