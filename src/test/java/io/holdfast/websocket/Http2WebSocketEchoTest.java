// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.support.OverHttp2;

/** As {@link WebSocketEchoTest}, over HTTP/2. */
@OverHttp2
class Http2WebSocketEchoTest extends WebSocketEchoTest {}
