// SPDX-License-Identifier: Apache-2.0
package io.holdfast.memory;

import java.nio.ByteBuffer;

/** Bytes that wait to be sent, and count in the memory budget until they are released or abandoned. */
public interface OutgoingBytes {

    /** The bytes, with a position that the caller may move. */
    ByteBuffer bytes();

    /** The caller has sent or discarded them. */
    void release(MemoryPart part);

    /** As {@link #release}, but the socket may still use the memory. */
    void abandon(MemoryPart part);
}
