package io.holdfast.connection;

import io.holdfast.support.OverTls;

/** As {@link WebSocketContractTest}, over TLS. */
@OverTls
class TlsWebSocketContractTest extends WebSocketContractTest {}
