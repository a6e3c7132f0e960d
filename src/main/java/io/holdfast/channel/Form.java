package io.holdfast.channel;

import java.nio.ByteBuffer;

/** One way to write a message on a wire. An instance stands for itself: each is encoded once a message. */
@FunctionalInterface
public interface Form {

    /** The bytes of {@code message}, from position to limit. */
    ByteBuffer encode(Message message);
}
