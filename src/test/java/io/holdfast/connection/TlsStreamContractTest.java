package io.holdfast.connection;

import io.holdfast.support.OverTls;

/** As {@link HttpStreamContractTest}, over TLS. */
@OverTls
class TlsStreamContractTest extends HttpStreamContractTest {}
