// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.support.OverHttp2;
import io.holdfast.support.Peer;
import io.holdfast.support.Peer.Farewell;
import java.io.IOException;

/** As {@link HttpStreamContractTest}, over HTTP/2. */
@OverHttp2
class Http2StreamContractTest extends HttpStreamContractTest {

    /** The session goes on, which its relay does not show. */
    @Override
    Farewell awaitEnd(Peer ends, CloseReason reason) throws IOException {
        return ends.awaitEnd();
    }
}
