// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.support.OverTls;

/** As {@link WebSocketContractTest}, over TLS. */
@OverTls
class TlsWebSocketContractTest extends WebSocketContractTest {

    /** Fewer: the flood of each is encrypted, without the processor's instructions for it. */
    @Override
    int kicks() {
        return 10;
    }
}
