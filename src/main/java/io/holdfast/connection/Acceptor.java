package io.holdfast.connection;

/** What lets new connections in. */
public interface Acceptor {

    /** Lets no more in; those that are in stay. */
    void stopAccepting();
}
