// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.support.OverTls;

/** As {@link HttpStreamContractTest}, over TLS. */
@OverTls
class TlsStreamContractTest extends HttpStreamContractTest {}
