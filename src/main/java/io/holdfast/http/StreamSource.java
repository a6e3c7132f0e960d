package io.holdfast.http;

import io.holdfast.connection.CloseReason;

/** What fills the body of a stream. Called from any thread; must not block. */
interface StreamSource {

    /** The body stands, and nothing has been sent yet. */
    void start(StreamConnection body);

    /** All that was sent has been handed to the socket. */
    void drained();

    /** A sign of life, which readers of the format skip if they asked for no other; empty if there can't be one. */
    String sign();

    /** The last thing said to a client whose stream we end; empty if the format, or the reason, has none. */
    String goodbye(CloseReason reason);

    /** The body is over: nothing more is to be sent. */
    void stop();
}
