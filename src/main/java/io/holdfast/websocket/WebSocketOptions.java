// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultParameters;
import io.holdfast.fault.HeartbeatFormats;
import io.holdfast.fault.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked of its WebSocket.
 *
 * @param answersPings whether its pings are answered
 * @param refusal the answer to its handshake; null for the usual one
 * @param inspect whether its welcome shows what the server saw
 */
record WebSocketOptions(
        Fault fault,
        HeartbeatSpec heartbeat,
        boolean answersPings,
        @Nullable Refusal refusal,
        boolean inspect) {

    /** @throws io.holdfast.connection.BadParameterException for a parameter that cannot be used */
    static WebSocketOptions of(FaultParameters parameters, HeartbeatFormats heartbeats) {
        WebSocketOptions options = new WebSocketOptions(
                parameters.fault(),
                parameters.heartbeat(heartbeats),
                parameters.answersPings(),
                parameters.refusal(),
                parameters.inspect());
        if (options.refusal == null) {
            parameters.refuseRetry();
        }
        return options;
    }
}
