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

    /** What happened, in the words of who asks why it ended. */
    default String text() {
        return switch (this) {
            case Unreachable(String why) -> why;
            case Refused(Head head) -> "answered with status " + head.status();
            case CloseFrame(int code, String reason) ->
                "closed with " + code + (reason.isEmpty() ? "" : " (" + reason + ")");
            case Complete() -> "the response came to its end";
            case Fin() -> "closed by a FIN";
            case Reset() -> "closed by a reset";
            case Lost(String why) -> why;
            case Garbled(String why) -> why;
            case Ours() -> "closed by us";
        };
    }
}
