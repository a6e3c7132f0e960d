// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import io.holdfast.support.ServiceProcess;
import java.util.List;

/** Over TLS on all ports. The limits are lower: a test encrypts slowly. */
class AttackOverTlsTest extends AttackTest {

    @Override
    ServiceProcess start(List<String> options, String... settings) throws Exception {
        return ServiceProcess.startWithTls(options, settings);
    }

    @Override
    int scale() {
        return 8;
    }

    /** A read may have returned two records only: 32 KB. */
    @Override
    int peersThatDoNotRead() {
        return 2 * super.peersThatDoNotRead();
    }
}
