// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A product that proxies connections, with its settings that end silent ones.
 *
 * @param mark what its {@code Server} or {@code Via} header contains, in lower case
 * @param stream the setting for HTTP responses
 * @param webSocket the setting for WebSockets; null if it does not limit their silence
 * @param keepAlive the setting for connections that wait for a request; null if none limits them
 * @param tcp the setting for TCP; null if it proxies HTTP alone
 * @param noBuffering the setting that passes events on at once; null if it always does
 * @param keepHost the setting that passes the client's {@code Host} on; null if it always does
 * @param tested whether a test runs it before the service and finds its settings
 */
record ProxyProduct(
        String name,
        String mark,
        String stream,
        @Nullable String webSocket,
        @Nullable String keepAlive,
        @Nullable String tcp,
        @Nullable String noBuffering,
        @Nullable String keepHost,
        boolean tested) {

    /** The product that sends this name; null if it is unknown. */
    static @Nullable ProxyProduct of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return KnownIntermediaries.get().products().stream()
                .filter(product -> lower.contains(product.mark))
                .findFirst()
                .orElse(null);
    }

    /** The setting that limits a transport's silence; null if it does not proxy it, or does not limit it. */
    @Nullable
    String setting(ProbedTransport transport) {
        return switch (transport) {
            case HTTP, SSE -> stream;
            case WEBSOCKET -> webSocket;
            case KEEPALIVE -> keepAlive;
            case TCP, LINES -> tcp;
        };
    }

    /** Settings to look at if the intermediary does not send its name. */
    static String suspects(ProbedTransport transport) {
        KnownIntermediaries known = KnownIntermediaries.get();
        return known.products().stream()
                .filter(product -> known.suspects().contains(product.name) && product.setting(transport) != null)
                .map(product -> product.name + "'s " + product.setting(transport))
                .collect(Collectors.joining(" or "));
    }
}
