package io.holdfast.probe.load;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Says one thing when a connection stands, and then nothing.
 *
 * @param hello null for nothing at all
 */
record Greeter(@Nullable String hello) implements Listener {

    @Override
    public void opened(ClientConnection conversation) {
        if (hello != null) {
            conversation.send(ByteBufUtil.writeUtf8(ByteBufAllocator.DEFAULT, hello));
        }
    }
}
