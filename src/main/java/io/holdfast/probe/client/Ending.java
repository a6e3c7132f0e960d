package io.holdfast.probe.client;

/** How a connection ended, as its client sees it. */
public sealed interface Ending {

    /** It never stood. */
    record Unreachable(String why) implements Ending {}

    /** The server answered, but not with what was asked for. */
    record Refused(Head head) implements Ending {}

    /**
     * A WebSocket close frame came.
     *
     * @param code 1005 if it had none
     */
    record CloseFrame(int code, String reason) implements Ending {}

    /** The response's body came to its end. */
    record Complete() implements Ending {}

    /** A FIN, without what the protocol says before one. */
    record Fin() implements Ending {}

    /** A reset. */
    record Reset() implements Ending {}

    /** What was sent was not acknowledged, or the network failed. */
    record Lost(String why) implements Ending {}

    /** What came is not the protocol. */
    record Garbled(String why) implements Ending {}

    /** We closed it. */
    record Ours() implements Ending {}
}
