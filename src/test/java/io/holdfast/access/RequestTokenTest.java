// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.PlainRequest;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** How a token may come with a request, and how it may not. */
class RequestTokenTest extends AccessContract {

    private static final String ALICE = String.valueOf(Who.ALICE.token());
    private static final String OLGA = String.valueOf(Who.OPERATOR.token());

    /** A ticket for each request: nothing else of the table changes. */
    @Override
    String attempt(@Nullable String token, What what) throws IOException {
        String query = "";
        if (token != null) {
            PlainRequest.Answer answer = ask("POST /tickets", "Authorization: Bearer " + token);
            if (answer.status() != 201) {
                return answer.json().path("code").asString("");
            }
            query = "?ticket=" + answer.json().path("ticket").asString("");
        }
        return what.action() == Action.PUBLISH
                ? request("POST", "/channels/" + what.channel() + query, null, "hello")
                : request("GET", "/channels/" + what.channel() + query, null, "");
    }

    private PlainRequest.Answer ask(String line, String... headers) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(line + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n"
                    + String.join("\r\n", headers) + (headers.length == 0 ? "\r\n" : "\r\n\r\n"));
            return PlainRequest.read(wire);
        }
    }

    @Test
    void ticketIsValidOnce() throws IOException {
        String ticket = ask("POST /tickets", "Authorization: Bearer " + ALICE)
                .json()
                .path("ticket")
                .asString("");

        assertThat(ask("GET /whoami?ticket=" + ticket).json().path("subject").asString(""))
                .isEqualTo("alice");
        PlainRequest.Answer second = ask("GET /whoami?ticket=" + ticket);
        assertThat(second.status()).isEqualTo(401);
        assertThat(second.body()).contains("it was used already").doesNotContain(ticket);
    }

    @Test
    void ticketNeedsAToken() throws IOException {
        assertThat(ask("POST /tickets").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_token", "token", "jwt", "authorization"})
    void tokenInTheQueryIsRefused(String parameter) throws IOException {
        PlainRequest.Answer answer = ask("GET /channels/open.day/messages?" + parameter + "=" + ALICE);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.head()).contains("www-authenticate: bearer realm=\"holdfast\", error=\"invalid_request\"");
        assertThat(answer.body()).contains("logs keep URLs").doesNotContain(ALICE);
    }

    @Test
    void twoTokensAreRefused() throws IOException {
        assertThat(ask("GET /whoami", "Authorization: Bearer " + ALICE, "Authorization: Bearer " + OLGA)
                        .status())
                .isEqualTo(400);
        assertThat(ask("GET /whoami", "Authorization: Bearer " + ALICE, "Cookie: holdfast_token=" + OLGA)
                        .status())
                .isEqualTo(400);
        assertThat(ask("GET /whoami", "Cookie: holdfast_token=" + ALICE + "; holdfast_token=" + OLGA)
                        .status())
                .isEqualTo(400);
        assertThat(ask("GET /whoami?ticket=x", "Authorization: Bearer " + ALICE).status())
                .isEqualTo(400);
    }

    @Test
    void oneTokenTwiceIsOne() throws IOException {
        assertThat(ask("GET /whoami", "Authorization: bearer " + ALICE, "Cookie: holdfast_token=" + ALICE)
                        .status())
                .isEqualTo(200);
    }

    /** A proxy in front may have credentials of its own. */
    @Test
    void otherSchemesAreNoTokens() throws IOException {
        assertThat(ask("GET /whoami", "Authorization: Basic YTpi")
                        .json()
                        .path("kind")
                        .asString(""))
                .isEqualTo("anonymous");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site"})
    void cookieOfAForeignPageIsRefused(String header) throws IOException {
        PlainRequest.Answer answer = ask("GET /actuator/connections", "Cookie: holdfast_token=" + OLGA, header);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("A page of another site sent this request");
    }

    /** No page can send this header without a preflight request. */
    @Test
    void headerOfAForeignPageIsNot() throws IOException {
        assertThat(ask("GET /actuator/connections", "Authorization: Bearer " + OLGA, "Sec-Fetch-Site: cross-site")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void tooLongATokenIsExplained() throws IOException {
        PlainRequest.Answer answer = ask("GET /whoami", "Authorization: Bearer " + "x".repeat(7000));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(ask("GET /whoami", "Authorization: Bearer " + "x".repeat(1_000_000))
                        .status())
                .isEqualTo(431);
    }

    @Test
    void tokenIsNotSentBackAsASubprotocol() throws IOException {
        for (String path : new String[] {"/channels", "/echo", "/lines"}) {
            try (WebSocketClient client = WebSocketClient.connect(
                    ports.http(), path, "Sec-WebSocket-Protocol: bearer." + ALICE + ", holdfast.v1")) {
                assertThat(client.head())
                        .contains("Sec-WebSocket-Protocol: holdfast.v1\r\n")
                        .doesNotContain(ALICE);
            }
        }
    }

    @Test
    void inspectionHidesTokens() throws IOException {
        assertThat(ask("GET /inspect", "Authorization: Bearer " + ALICE, "Sec-WebSocket-Protocol: v1, bearer." + ALICE)
                        .body())
                .contains("bearer.…")
                .doesNotContain(ALICE);
    }

    @Test
    void whoamiShowsWhatATokenAllows() throws IOException {
        PlainRequest.Answer answer = ask("GET /whoami", "Authorization: Bearer " + ALICE);

        assertThat(answer.json().path("kind").asString("")).isEqualTo("token");
        assertThat(answer.json().path("permissions").path("publish").path(0).asString(""))
                .isEqualTo("chat.{sub}");
        assertThat(answer.json().path("expires").asString("")).isNotEmpty();
    }

    @Test
    void refusalNamesPermissionsAndNeverTheToken() throws IOException {
        PlainRequest.Answer answer = ask("POST /channels/orders", "Authorization: Bearer " + ALICE);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.json().path("detail").asString(""))
                .isEqualTo("'alice' may not publish to the channel 'orders'. Permissions: subscribe news.**,"
                        + " user.{sub}.*; publish chat.{sub}; role nothing.");
        assertThat(answer.body()).doesNotContain(ALICE);
        assertThat(answer.head()).contains("error=\"insufficient_scope\"");
    }

    @Test
    void rolesOfTheActuator() throws IOException {
        String observer = sign(
                SECRET, "oscar", Duration.ofHours(1), new Permissions(List.of(), List.of(), Set.of(Role.OBSERVER)));

        assertThat(ask("GET /actuator/prometheus", "Authorization: Bearer " + observer)
                        .status())
                .isEqualTo(200);
        assertThat(ask("DELETE /actuator/connections/c-x-1", "Authorization: Bearer " + observer)
                        .status())
                .isEqualTo(403);
        assertThat(ask("DELETE /actuator/connections/c-x-1", "Authorization: Bearer " + OLGA)
                        .status())
                .isEqualTo(404);
        assertThat(ask("GET /actuator/connections", "Authorization: Bearer " + ALICE)
                        .status())
                .isEqualTo(403);
        assertThat(ask("GET /actuator/connections").status()).isEqualTo(401);
    }

    /** Others would see which loggers there are, and fill the log. */
    @Test
    void observerReadsLogLevelsAndAnOperatorChangesThem() throws IOException {
        String observer = sign(
                SECRET, "oscar", Duration.ofHours(1), new Permissions(List.of(), List.of(), Set.of(Role.OBSERVER)));
        String logger = "/actuator/loggers/io.holdfast.StartReport";

        assertThat(ask("GET " + logger).status()).isEqualTo(401);
        assertThat(ask("GET " + logger, "Authorization: Bearer " + ALICE).status())
                .isEqualTo(403);
        assertThat(level(logger, observer)).isEqualTo("INFO");

        assertThat(setLevel(logger, "\"debug\"", observer)).isEqualTo(403);
        assertThat(setLevel(logger, "\"debug\"", ALICE)).isEqualTo(403);
        assertThat(level(logger, OLGA)).isEqualTo("INFO");

        assertThat(setLevel(logger, "\"debug\"", OLGA)).isEqualTo(204);
        assertThat(level(logger, observer)).isEqualTo("DEBUG");
        assertThat(LoggerFactory.getLogger("io.holdfast.StartReport").isDebugEnabled())
                .isTrue();

        assertThat(setLevel(logger, "null", OLGA)).isEqualTo(204);
        assertThat(level(logger, OLGA)).isEqualTo("INFO");
        assertThat(setLevel(logger, "\"loud\"", OLGA)).isEqualTo(400);
    }

    private String level(String logger, String token) throws IOException {
        return ask("GET " + logger, "Authorization: Bearer " + token)
                .json()
                .path("effectiveLevel")
                .asString("");
    }

    private int setLevel(String logger, String level, String token) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            String body = "{\"configuredLevel\":" + level + "}";
            wire.send("POST " + logger + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer "
                    + token + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                    + body);
            return PlainRequest.read(wire).status();
        }
    }

    @Test
    void localClientsNeedATokenOnceThereAreSome() throws IOException {
        assertThat(ask("GET /whoami").json().path("kind").asString("")).isEqualTo("anonymous");
    }
}
