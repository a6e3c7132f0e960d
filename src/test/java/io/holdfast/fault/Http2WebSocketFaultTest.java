// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import io.holdfast.support.OverHttp2;

/** As {@link WebSocketFaultTest}, over HTTP/2. */
@OverHttp2
class Http2WebSocketFaultTest extends WebSocketFaultTest {}
