package io.holdfast.fault;

/**
 * What a cut does to a connection, by its transport. Called once but for {@link #abort}, from any thread, after all that
 * is to leave before has been handed to the socket. Nothing blocks.
 */
public interface Exit {

    /** It is about to end as asked for: to be remembered as the reason. */
    void ending();

    /** Ends it in good order, in the transport's own words. */
    void close(Cut cut);

    /** Sends a TCP reset. */
    void reset();

    /** Reads nothing more from now on, and gives no more signs of life. */
    void stall();

    /** Sends our FIN; what comes from now on is thrown away, and there are no more signs of life. */
    void halfClose();

    /** Closes the socket at once. */
    void abort();
}
