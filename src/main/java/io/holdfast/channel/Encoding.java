// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.nio.ByteBuffer;

/** A form of a message's bytes. Each instance is a form of its own, and each message is encoded once in it. */
@FunctionalInterface
public interface Encoding {

    /** The bytes of {@code message}, from position to limit. */
    ByteBuffer encode(Message message);
}
