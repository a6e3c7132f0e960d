// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.support.OverTls;

/** Raw TCP over TLS. */
@OverTls
class TlsContractTest extends TcpContractTest {}
