// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;

/** Receives the events of a {@link ClientConnection}, on its event loop. Must not block. */
public interface Listener {

    /** The connection is open: TLS and the protocol's handshake are done, or the response's head was received. */
    default void opened(ClientConnection connection) {}

    /** A message was received. Its bytes are valid during the call only. */
    default void message(ClientConnection connection, ByteBuf data) {}

    /** A server-sent event with a name was received. By default it is a message. */
    default void event(ClientConnection connection, String name, ByteBuf data) {
        message(connection, data);
    }

    /** Something else was received: a comment, an empty line, a ping or a pong. */
    default void sign(ClientConnection connection, Sign sign) {}

    /** The connection ended, or could not be opened. Always called, exactly once, as the last call. */
    default void ended(ClientConnection connection, Ending ending) {}

    /** What a connection says to show that it lives. */
    enum Sign {
        COMMENT,
        PING,
        PONG
    }
}
