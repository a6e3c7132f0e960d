// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A WebSocket whose handshake has the token as a subprotocol. */
class WebSocketAccessContractTest extends AccessContract {

    @Override
    String attempt(@Nullable String token, What what) throws IOException {
        String protocols = "Sec-WebSocket-Protocol: holdfast.v1" + (token == null ? "" : ", bearer." + token);
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(WebSocketClient.handshake("/channels", protocols));
            String head = wire.readUntil("\r\n\r\n");
            if (!head.startsWith("HTTP/1.1 101 ")) {
                int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
                return PlainRequest.json(new String(wire.read(length), StandardCharsets.UTF_8))
                        .path("code")
                        .asString("");
            }
            try (JsonTalk talk = JsonTalk.upgraded(wire)) {
                return TalkingClient.attempt(talk, what);
            }
        }
    }
}
