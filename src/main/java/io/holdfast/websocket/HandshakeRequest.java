// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's opening handshake that breaks no rule (RFC 6455, section 4.2.1; RFC 8441, section 5).
 *
 * @param key of the header {@code Sec-WebSocket-Key}; null over HTTP/2, which has no such header
 * @param protocols the subprotocols that it offers, the best first
 * @param extensions those that it offers, the best first
 */
record HandshakeRequest(@Nullable String key, List<String> protocols, List<ExtensionOffer> extensions) {}
