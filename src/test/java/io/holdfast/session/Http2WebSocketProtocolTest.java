// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.support.OverHttp2;

/** As {@link WebSocketProtocolTest}, over HTTP/2. */
@OverHttp2
class Http2WebSocketProtocolTest extends WebSocketProtocolTest {}
