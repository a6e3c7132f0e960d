package io.holdfast.websocket;

import java.util.List;

/**
 * A client's opening handshake that breaks no rule (RFC 6455, section 4.2.1).
 *
 * @param key of the header {@code Sec-WebSocket-Key}
 * @param protocols the subprotocols that it offers, the best first
 * @param extensions those that it offers, the best first
 */
record HandshakeRequest(String key, List<String> protocols, List<ExtensionOffer> extensions) {}
