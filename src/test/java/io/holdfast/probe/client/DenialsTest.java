// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DenialsTest {

    private static final BearerToken TOKEN = BearerToken.of("to\"k\\en");

    private final Client client = new Client(1, Trust.SYSTEM, TOKEN);

    @AfterEach
    void close() {
        client.close();
    }

    private Ending stream(ServerScript script) throws Exception {
        CompletableFuture<Ending> ended = new CompletableFuture<>();
        URI url = URI.create("http://127.0.0.1:" + script.port() + "/");
        client.open(new Target.HttpStream(url, "text/plain", null), new Listener() {
            @Override
            public void ended(ClientConnection connection, Ending ending) {
                ended.complete(ending);
            }
        });
        return ended.get(20, TimeUnit.SECONDS);
    }

    private static Ending.@Nullable Denied event(String json) {
        return Denials.ofEvent(Unpooled.copiedBuffer(json, StandardCharsets.UTF_8), TOKEN);
    }

    @Test
    void anAnswerThatEndsEarlyIsADenialToo() throws Exception {
        try (ServerScript script = new ServerScript(socket -> {
            ServerScript.request(socket);
            ServerScript.say(socket, "HTTP/1.1 401 No\r\nContent-Length: 100\r\n\r\n{\"detail\":");
        })) {
            assertThat(stream(script))
                    .isEqualTo(new Ending.Denied("HTTP 401; the token of --token or HOLDFAST_TOKEN is not accepted"));
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        AtomicInteger followed = new AtomicInteger();
        try (ServerScript other = new ServerScript(socket -> followed.incrementAndGet());
                ServerScript script = new ServerScript(socket -> redirect(socket, other.port()))) {
            assertThat(stream(script)).isInstanceOf(Ending.Refused.class);
            assertThat(followed).hasValue(0);
        }
    }

    private static void redirect(Socket socket, int port) throws IOException {
        ServerScript.request(socket);
        ServerScript.say(
                socket, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + port + "/\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void reasonIsSafeToPrintAndWithoutTheToken() {
        Ending.Denied denied =
                Denials.ofStatus(403, "{\"detail\":\"\\u001b[2J to\\\"k\\\\en " + "x".repeat(1000) + "\"}", TOKEN);

        assertThat(denied.why())
                .startsWith("HTTP 403: ?[2J (the token) xxx")
                .endsWith("x…; the token of --token or HOLDFAST_TOKEN does not permit it")
                .hasSizeLessThan(700);
    }

    @Test
    void errorIsAboutAccessByItsCodeOrAsTheAnswerToOurCommand() {
        assertThat(event("{\"type\":\"error\",\"code\":\"denied\",\"message\":\"Not you.\"}"))
                .isEqualTo(new Ending.Denied(
                        "error denied: Not you; the token of --token or HOLDFAST_TOKEN does not permit it"));
        assertThat(event(
                        "{\"type\":\"error\",\"id\":\"authenticate\",\"code\":\"unavailable\",\"message\":\"Later.\"}"))
                .isEqualTo(new Ending.Denied(
                        "error unavailable: Later; the token of --token or HOLDFAST_TOKEN could not be used"));
        assertThat(event("{\"type\":\"error\",\"id\":7,\"code\":\"unavailable\"}"))
                .isNull();
        assertThat(event("{\"type\":\"error\"")).isNull();
        assertThat(event("{\"type\":\"message\",\"code\":\"denied\"}")).isNull();
    }

    @Test
    void tokenIsEscapedInTheCommandAndNeverShown() {
        assertThat(TOKEN.command())
                .isEqualTo("{\"type\":\"authenticate\",\"id\":\"authenticate\",\"token\":\"to\\\"k\\\\en\"}");
        assertThat(TOKEN).hasToString("a token");
    }
}
