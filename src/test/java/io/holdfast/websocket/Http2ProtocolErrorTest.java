// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.support.OverHttp2;

/** As {@link ProtocolErrorTest}, over HTTP/2. */
@OverHttp2
class Http2ProtocolErrorTest extends ProtocolErrorTest {}
