// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.connection.Connection;
import io.netty.channel.ChannelHandler;

/** The last handler of a pipeline, which speaks a listener's protocol. */
interface ProtocolHandler extends ChannelHandler {

    /** Begins with a connection that was admitted. Called once, by the event loop; input comes afterwards. */
    void start(Connection admitted);
}
