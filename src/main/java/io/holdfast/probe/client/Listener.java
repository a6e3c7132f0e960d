package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;

/** Is told what happens on a {@link ClientConnection}, on its event loop: it must not block. */
public interface Listener {

    /** It stands: connected, with TLS and the protocol's handshake or the response's head done. */
    default void opened(ClientConnection conversation) {}

    /** A message came; its bytes are valid during the call only. */
    default void message(ClientConnection conversation, ByteBuf data) {}

    /** A server-sent event with a name came; for most it is a message like any other. */
    default void event(ClientConnection conversation, String name, ByteBuf data) {
        message(conversation, data);
    }

    /** Something came that is no message: a comment, an empty line, a ping or a pong. */
    default void sign(ClientConnection conversation, Sign sign) {}

    /** It has ended, or never stood: the last call, and the only one that always comes. */
    default void ended(ClientConnection conversation, Ending ending) {}

    /** What a connection says to show that it lives. */
    enum Sign {
        COMMENT,
        PING,
        PONG
    }
}
