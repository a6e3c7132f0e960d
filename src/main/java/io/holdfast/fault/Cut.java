package io.holdfast.fault;

/**
 * An end that was asked for.
 *
 * @param code of the close frame, where there is one
 * @param reason of the close frame; empty for none
 */
public record Cut(Moment moment, End end, int code, String reason) {

    /** What a close frame says if nobody asks for anything else. */
    static final int NORMAL = 1000;
}
