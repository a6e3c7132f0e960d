// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import org.springframework.web.socket.WebSocketHandler;

/**
 * A path at which WebSockets are served. Each bean of this type, of any room, is one.
 *
 * @param path as {@code /echo}
 * @param asksWho whether what its client may do depends on who it is. If not, a token in its handshake is not looked at
 * @param handler gets messages on a thread that must not block
 */
public record WebSocketRoute(String path, boolean asksWho, WebSocketHandler handler) {}
