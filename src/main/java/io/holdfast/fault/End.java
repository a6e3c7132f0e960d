package io.holdfast.fault;

/** How a connection is cut. */
public enum End {
    /** In good order, in the transport's own words. What is owed leaves before. */
    CLOSE,
    /** By a TCP reset. */
    RESET,
    /** Not at all: nothing more is sent or read, and the socket stays open. */
    STALL,
    /** By our FIN; what the peer goes on sending is read and thrown away. What is owed leaves before. */
    HALF_CLOSE,
    /** By half of the next message, then our FIN. */
    TRUNCATE
}
