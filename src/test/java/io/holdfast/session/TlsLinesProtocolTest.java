// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.support.OverTls;

/** Lines over TLS 1.3, which has ends of one side, as TCP has. */
@OverTls
class TlsLinesProtocolTest extends LinesProtocolTest {}
