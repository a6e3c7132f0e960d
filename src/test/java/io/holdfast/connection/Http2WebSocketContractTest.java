// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.support.OverHttp2;

/** As {@link WebSocketContractTest}, over HTTP/2. */
@OverHttp2
class Http2WebSocketContractTest extends WebSocketContractTest {}
