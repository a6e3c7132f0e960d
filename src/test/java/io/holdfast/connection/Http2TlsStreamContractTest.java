// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.support.OverTls;

/** As {@link Http2StreamContractTest}, over TLS. */
@OverTls
class Http2TlsStreamContractTest extends Http2StreamContractTest {}
