// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.support.PlainRequest;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The bridge to TCP lines: what is sent counts as its client's, although the service connects to itself. */
class BridgeAccessContractTest extends AccessContract {

    @Override
    String attempt(@Nullable String token, What what) throws IOException {
        String protocols = "Sec-WebSocket-Protocol: holdfast.v1" + (token == null ? "" : ", bearer." + token);
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(WebSocketClient.handshake("/lines", protocols));
            String head = wire.readUntil("\r\n\r\n");
            if (!head.startsWith("HTTP/1.1 101 ")) {
                int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
                return PlainRequest.json(new String(wire.read(length), UTF_8))
                        .path("code")
                        .asString("");
            }
            return talk(RawWebSocket.upgraded(wire), what);
        }
    }

    private static String talk(RawWebSocket webSocket, What what) throws IOException {
        String command = "{\"type\":\"" + what.action().tag() + "\",\"channel\":\"" + what.channel() + "\""
                + (what.action() == Action.PUBLISH ? ",\"data\":\"hello\"" : "") + "}\n";
        webSocket.send(RawWebSocket.BINARY, command.getBytes(UTF_8));
        StringBuilder heard = new StringBuilder();
        // The welcome, and the answer.
        while (heard.chars().filter(c -> c == '\n').count() < 2) {
            heard.append(webSocket.readNext(RawWebSocket.BINARY).text());
        }
        String answer = heard.toString().split("\n", -1)[1];
        return answer.startsWith("{\"type\":\"error\"")
                ? PlainRequest.json(answer).path("code").asString("")
                : "allowed";
    }
}
