package io.holdfast.connection;

import io.holdfast.support.OverTls;

/** Raw TCP over TLS. */
@OverTls
class TlsContractTest extends TcpContractTest {}
