package io.holdfast.connection;

import io.holdfast.support.WithTls;

/** As {@link Http2WebSocketContractTest}, over TLS. */
@WithTls
class Http2TlsWebSocketContractTest extends Http2WebSocketContractTest {}
