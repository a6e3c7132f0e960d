package io.holdfast.connection;

/** What looks after a connection until it is stopped. */
public interface Watch {

    /** Ends it, once or more often; safe from any thread. */
    void stop();
}
