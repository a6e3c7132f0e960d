// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Listener;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Sends one message when the connection is open, and nothing after it.
 *
 * @param hello the message; null for none
 */
record Greeter(@Nullable String hello) implements Listener {

    @Override
    public void opened(ClientConnection connection) {
        if (hello != null) {
            connection.send(ByteBufUtil.writeUtf8(ByteBufAllocator.DEFAULT, hello));
        }
    }
}
