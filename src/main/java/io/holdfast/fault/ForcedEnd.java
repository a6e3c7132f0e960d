// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

/**
 * An end that was asked for.
 *
 * @param code of the close frame, where there is one
 * @param reason of the close frame; empty for none
 */
public record ForcedEnd(Trigger trigger, EndMode mode, int code, String reason) {

    /** The code of a close frame, if no other was asked for. */
    static final int NORMAL = 1000;
}
