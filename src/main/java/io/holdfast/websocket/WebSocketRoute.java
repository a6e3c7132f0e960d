package io.holdfast.websocket;

import org.springframework.web.socket.WebSocketHandler;

/**
 * A path at which WebSockets are served. Each bean of this type, of any room, is one.
 *
 * @param path as {@code /echo}
 * @param handler gets messages on a thread that must not block
 */
public record WebSocketRoute(String path, WebSocketHandler handler) {}
