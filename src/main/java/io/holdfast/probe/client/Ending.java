// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

/** How a connection ended, as seen by its client. */
public sealed interface Ending {

    /** The connection could not be opened. */
    record Unreachable(String why) implements Ending {}

    /** The server answered with another status than the expected one. */
    record Refused(Head head) implements Ending {}

    /**
     * The service refused access: HTTP 401 or 403, or an error of the channel protocol.
     *
     * @param why the answer, its reason made printable, and what the user can do; without a full stop
     */
    record Denied(String why) implements Ending {}

    /**
     * The server sent a WebSocket close frame.
     *
     * @param code 1005 if the frame had none
     */
    record CloseFrame(int code, String reason) implements Ending {}

    /** The body of the response ended. */
    record Complete() implements Ending {}

    /** A FIN without the end that the protocol has. */
    record Fin() implements Ending {}

    /** A reset. */
    record Reset() implements Ending {}

    /**
     * The server reset the stream of HTTP/2, or does not process it any more.
     *
     * @param error the name of the error code (RFC 9113, section 7)
     */
    record StreamReset(String error) implements Ending {}

    /** The network failed, or data was not acknowledged. */
    record Lost(String why) implements Ending {}

    /** The server violated the protocol. */
    record Malformed(String why) implements Ending {}

    /** We closed it. */
    record Ours() implements Ending {}

    /** Whether the server did not do what was asked for: it is not there, answers otherwise, or refuses access. */
    default boolean isRefusal() {
        return this instanceof Unreachable || this instanceof Refused || this instanceof Denied;
    }

    /** The ending in words. Text of the peer is {@linkplain Printable made printable}. */
    default String text() {
        return switch (this) {
            case Unreachable(String why) -> why;
            case Refused(Head head) -> "HTTP " + head.status();
            case Denied(String why) -> why;
            case CloseFrame(int code, String reason) ->
                "close frame " + code + (reason.isEmpty() ? "" : " (" + Printable.text(reason) + ")");
            case Complete() -> "end of the response";
            case Fin() -> "FIN";
            case Reset() -> "RST";
            case StreamReset(String error) -> "RST_STREAM (" + error + ")";
            case Lost(String why) -> why;
            case Malformed(String why) -> "protocol error: " + Printable.text(why);
            case Ours() -> "closed by us";
        };
    }

    /** The ending as one word, for programs. */
    default String tag() {
        return switch (this) {
            case Unreachable ignored -> "unreachable";
            case Refused ignored -> "refused";
            case Denied ignored -> "denied";
            case CloseFrame ignored -> "close-frame";
            case Complete ignored -> "complete";
            case Fin ignored -> "fin";
            case Reset ignored -> "reset";
            case StreamReset ignored -> "stream-reset";
            case Lost ignored -> "lost";
            case Malformed ignored -> "garbled";
            case Ours ignored -> "ours";
        };
    }
}
