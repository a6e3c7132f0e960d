package io.holdfast.websocket;

import io.holdfast.support.OverHttp2;

/** As {@link HeldBackTest}, over HTTP/2. */
@OverHttp2
class Http2HeldBackTest extends HeldBackTest {}
