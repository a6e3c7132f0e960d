// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.connection.OriginProperties;
import io.holdfast.connection.RequestProblem;
import io.holdfast.jetty.ConnectionUpgrade;
import io.holdfast.jetty.HeaderList;
import io.holdfast.jetty.PageOrigin;
import io.holdfast.jetty.RequestAccess;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.socket.WebSocketHttpHeaders;

/** What a client's opening handshake must have (RFC 6455, section 4.2.1). */
final class HandshakeRules {

    static final String PROTOCOL = "websocket";

    /** What {@code Connection} says of {@code Upgrade}. */
    static final String UPGRADE = "Upgrade";

    /** Proxies remove the two headers, as these concern one connection, unless they are told not to. */
    private static final String PROXY = "; a proxy must pass both on, as nginx does with proxy_http_version 1.1,"
            + " proxy_set_header Upgrade $http_upgrade and proxy_set_header Connection upgrade";

    private static final String VERSION = "13";
    private static final int KEY_CHARACTERS = 24;
    private static final int KEY_BYTES = 16;

    private final OriginProperties origins;

    HandshakeRules(OriginProperties origins) {
        this.origins = origins;
    }

    /**
     * Whether {@code request} asks for a WebSocket: by an upgrade, or by CONNECT over HTTP/2 (RFC 8441). An upgrade in HTTP/1.0
     * is ignored (RFC 9110, section 7.8).
     */
    static boolean isHandshake(HttpServletRequest request) {
        Request jetty = ServletContextRequest.getServletContextRequest(request);
        if (ConnectionUpgrade.isMultiplexed(jetty)) {
            return PROTOCOL.equalsIgnoreCase(ConnectionUpgrade.tunnelled(jetty));
        }
        return request.getMethod().equals("GET")
                && jetty.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
                && HeaderList.of(jetty.getHeaders(), HttpHeaders.UPGRADE).stream()
                        .anyMatch(PROTOCOL::equalsIgnoreCase);
    }

    /** The answer to a request for {@code path} that does not ask for a WebSocket, although there is nothing else. */
    static ErrorResponseException noHandshake(String path, @Nullable String upgrade) {
        ProblemDetail problem = RequestProblem.header(
                HttpStatus.UPGRADE_REQUIRED,
                HttpHeaders.UPGRADE,
                upgrade,
                "websocket, beside Connection: Upgrade, as npx wscat -c ws://localhost:8080" + path + " sends it"
                        + PROXY);
        problem.setDetail(path + " is a WebSocket endpoint. " + problem.getDetail());
        return upgradeRequired(problem);
    }

    /** With the headers that RFC 9110, section 15.5.22, and RFC 6455, section 4.4, ask for. */
    private static ErrorResponseException upgradeRequired(ProblemDetail problem) {
        ErrorResponseException answer = new ErrorResponseException(HttpStatus.UPGRADE_REQUIRED, problem, null);
        answer.getHeaders().set(HttpHeaders.UPGRADE, PROTOCOL);
        answer.getHeaders().set(HttpHeaders.CONNECTION, UPGRADE);
        answer.getHeaders().set(WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION, VERSION);
        return answer;
    }

    /**
     * Reads a request that {@link #isHandshake} accepts.
     *
     * @throws ErrorResponseException if it breaks a rule
     */
    HandshakeRequest read(Request request) {
        HttpFields headers = request.getHeaders();
        String key = null;
        if (!ConnectionUpgrade.isMultiplexed(request)) {
            checkConnection(headers);
            key = key(headers);
        }
        checkVersion(headers);
        HandshakeRequest handshake = new HandshakeRequest(key, protocols(headers), extensions(headers));
        checkOrigin(request);
        return handshake;
    }

    private static void checkConnection(HttpFields headers) {
        if (connectionOptions(headers).stream().noneMatch(UPGRADE::equalsIgnoreCase)) {
            throw bad(
                    HttpStatus.BAD_REQUEST,
                    headers,
                    HttpHeaders.CONNECTION,
                    "Upgrade, beside Upgrade: websocket, as Connection: Upgrade" + PROXY);
        }
    }

    /** None if they cannot be read: Jetty would fail at them when it sends the answer. */
    private static List<String> connectionOptions(HttpFields headers) {
        try {
            return Tokens.list(headers.getValuesList(HttpHeaders.CONNECTION));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private static void checkVersion(HttpFields headers) {
        String name = WebSocketHttpHeaders.SEC_WEBSOCKET_VERSION;
        if (!headers.getValuesList(name).equals(List.of(VERSION))) {
            throw upgradeRequired(RequestProblem.header(
                    HttpStatus.UPGRADE_REQUIRED,
                    name,
                    value(headers, name),
                    VERSION + ", as " + name + ": " + VERSION));
        }
    }

    private static String key(HttpFields headers) {
        List<String> keys = headers.getValuesList(WebSocketHttpHeaders.SEC_WEBSOCKET_KEY);
        if (keys.size() != 1 || !isKey(keys.getFirst())) {
            throw bad(
                    HttpStatus.BAD_REQUEST,
                    headers,
                    WebSocketHttpHeaders.SEC_WEBSOCKET_KEY,
                    "16 bytes in base64, once, as dGhlIHNhbXBsZSBub25jZQ==");
        }
        return keys.getFirst();
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == KEY_CHARACTERS && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> protocols(HttpFields headers) {
        String name = WebSocketHttpHeaders.SEC_WEBSOCKET_PROTOCOL;
        try {
            List<String> protocols = Tokens.list(headers.getValuesList(name));
            if (new HashSet<>(protocols).size() == protocols.size()) {
                // A token that is sent this way is no protocol, and must not be sent back.
                return protocols.stream()
                        .filter(protocol -> !protocol.startsWith(RequestAccess.SUBPROTOCOL))
                        .toList();
            }
        } catch (IllegalArgumentException e) {
            // Refused below, as a protocol that is named twice is.
        }
        throw bad(HttpStatus.BAD_REQUEST, headers, name, "different names, as holdfast.v1, chat");
    }

    private static List<ExtensionOffer> extensions(HttpFields headers) {
        String name = WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS;
        try {
            return ExtensionOffer.parse(headers.getValuesList(name));
        } catch (IllegalArgumentException e) {
            throw bad(
                    HttpStatus.BAD_REQUEST,
                    headers,
                    name,
                    "names with parameters, as permessage-deflate; client_max_window_bits");
        }
    }

    private void checkOrigin(Request request) {
        String origin = PageOrigin.of(request);
        if (origin != null
                && !PageOrigin.isOwn(origin, request.getHttpURI())
                && !(PageOrigin.isValid(origin) && origins.allows(origin))) {
            throw bad(
                    HttpStatus.FORBIDDEN,
                    request.getHeaders(),
                    HttpHeaders.ORIGIN,
                    "this service's own origin, or one of holdfast.websocket.allowed-origins, as"
                            + " https://app.example.org");
        }
    }

    private static ErrorResponseException bad(HttpStatus status, HttpFields headers, String name, String valid) {
        return new ErrorResponseException(
                status, RequestProblem.header(status, name, value(headers, name), valid), null);
    }

    private static @Nullable String value(HttpFields headers, String name) {
        List<String> values = headers.getValuesList(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }
}
