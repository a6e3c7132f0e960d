package io.holdfast.connection;

/** Accepts new connections of one transport. */
public interface Acceptor {

    /** Accepts no more connections. Those that are open stay open. */
    void stopAccepting();
}
