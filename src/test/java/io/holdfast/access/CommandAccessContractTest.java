// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import io.holdfast.support.JsonTalk;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A WebSocket, with the command {@code authenticate}. */
class CommandAccessContractTest extends AccessContract {

    @Override
    String attempt(@Nullable String token, What what) throws IOException {
        try (JsonTalk talk = JsonTalk.open(JsonTalk.Way.WEBSOCKET, ports)) {
            return TalkingClient.attempt(talk, token, what);
        }
    }
}
