// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.support.OverTls;

/** As {@link Http2WebSocketContractTest}, over TLS. */
@OverTls
class Http2TlsWebSocketContractTest extends Http2WebSocketContractTest {}
