package io.holdfast.jetty;

/** A connection whose byte counters continue those of the HTTP connection before it. */
public interface CountingConnection {

    /**
     * Called before the connection is opened.
     *
     * @param in bytes that were read, among them those that belong to this connection already
     * @param out bytes that were written
     */
    void startCountersAt(long in, long out);
}
