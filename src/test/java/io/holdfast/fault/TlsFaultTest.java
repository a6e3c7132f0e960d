// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import io.holdfast.support.OverTls;

/** The same over TLS. A FIN comes after close_notify, and a reset without it. */
@OverTls
class TlsFaultTest extends TcpFaultTest {}
