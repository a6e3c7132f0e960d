package io.holdfast.connection;

import io.holdfast.support.WithTls;

/** As {@link Http2StreamContractTest}, over TLS. */
@WithTls
class Http2TlsStreamContractTest extends Http2StreamContractTest {}
