// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.PlainRequest.Answer;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** No endpoint ignores a parameter that it does not have, or the second value of one that it has. */
@HoldfastTest
@ExtendWith(NothingLeftOpen.class)
class UnknownParameterTest {

    @Autowired
    Ports ports;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /stream",
                "GET /inspect",
                "POST /echo",
                "GET /channels/a",
                "GET /channels/a/messages",
                "POST /channels/a",
                "GET /actuator/connections",
                "GET /actuator/connections/c-1",
                "GET /actuator/channels",
                "GET /actuator/channels/a"
            })
    void unknownParameterIsRefused(String request) throws IOException {
        assertRefused(plain(request + "?lable=laptop"), "lable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /stream?count=1&count=1",
                "POST /echo?delay=1ms&delay=1ms",
                "POST /echo?connection=close&connection=close",
                "GET /channels/a?label=a&label=a",
                "GET /channels/a/messages?limit=1&limit=1",
                "POST /channels/a?event=x&event=x",
                "GET /actuator/connections?transport=tcp&transport=tcp",
                "GET /actuator/connections?page=0&page=0",
                "GET /actuator/channels?sort=channel&sort=channel"
            })
    void repeatedParameterIsRefused(String request) throws IOException {
        assertRefused(plain(request), request.replaceFirst(".*[?](.*?)=.*", "$1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/channels", "/inspect", "/tcp", "/lines"})
    void unknownOrRepeatedParameterOfAHandshakeIsRefused(String path) throws IOException {
        assertRefused(RawWebSocket.handshake(path + "?lable=laptop"), "lable");
        assertRefused(RawWebSocket.handshake(path + "?label=a&label=a"), "label");
        assertRefused(RawWebSocket.handshake(path + "?label=a&label=b"), "label");
        assertRefused(RawWebSocket.handshake(path + "?delay=1ms&delay=2ms"), "delay");
        assertRefused(RawWebSocket.handshake(path + "?inspect=false&inspect=true"), "inspect");
    }

    private static String plain(String request) {
        return request + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    }

    private void assertRefused(String request, String parameter) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            Answer answer = PlainRequest.read(wire.send(request));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().toString()).contains(parameter).containsIgnoringCase("valid");
        }
    }
}
