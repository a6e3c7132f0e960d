package io.holdfast.connection;

/** The transport's side of a {@link Connection}. All methods are safe from any thread and don't block. */
public interface Link {

    /**
     * Ends the connection, telling the peer {@code reason} as far as the transport can. It has ended when
     * {@link Connection#closed} is called, soon and in any case.
     */
    void close(CloseReason reason);

    /** Ends the connection at once and without a word. */
    void abort();

    /** Bytes that wait for the peer to read. */
    long queuedBytes();
}
