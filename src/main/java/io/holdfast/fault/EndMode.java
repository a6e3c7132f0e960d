// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

/** How a connection is ended. */
public enum EndMode {
    /** As the protocol does. Messages that were held back are sent first. */
    CLOSE,
    /** By a TCP reset. */
    RESET,
    /** The socket stays open, and nothing more is sent or read. */
    STALL,
    /** By a FIN. What the peer sends afterwards is read and dropped. Messages that were held back are sent first. */
    HALF_CLOSE,
    /** By half of the next message and a FIN. */
    TRUNCATE
}
