package io.holdfast.probe.survive;

import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What stands between, and the settings of it that end silent connections. */
enum ProxyProduct {
    NGINX("nginx", "proxy_read_timeout", "proxy_read_timeout", "proxy_timeout", "proxy_buffering off"),
    OPENRESTY("openresty", "proxy_read_timeout", "proxy_read_timeout", "proxy_timeout", "proxy_buffering off"),
    HAPROXY("haproxy", "timeout server", "timeout tunnel", "timeout client and timeout server", null),
    ENVOY("envoy", "stream_idle_timeout", "stream_idle_timeout", "idle_timeout", null),
    APACHE("apache", "ProxyTimeout", "ProxyTimeout", "ProxyTimeout", "flushpackets=on"),
    AWS("awselb", "idle_timeout.timeout_seconds", "idle_timeout.timeout_seconds", "tcp.idle_timeout.seconds", null);

    private final String mark;
    private final String stream;
    private final String webSocket;
    private final String tcp;
    private final @Nullable String unbuffered;

    ProxyProduct(String mark, String stream, String webSocket, String tcp, @Nullable String unbuffered) {
        this.mark = mark;
        this.stream = stream;
        this.webSocket = webSocket;
        this.tcp = tcp;
        this.unbuffered = unbuffered;
    }

    /** Which one calls itself so; null if we know none. */
    static @Nullable ProxyProduct of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Stream.of(values())
                .filter(box -> lower.contains(box.mark))
                .findFirst()
                .orElse(null);
    }

    /** The setting that limits a transport's silence. */
    String setting(ProbedTransport transport) {
        return switch (transport) {
            case HTTP, SSE -> stream;
            case WEBSOCKET -> webSocket;
            case TCP, LINES -> tcp;
        };
    }

    /** What has it pass events on one by one; null if it does by itself. */
    @Nullable
    String unbuffered() {
        return unbuffered;
    }

    /** The usual suspects, where none tells its name. */
    static String suspects(ProbedTransport transport) {
        return transport.isTcp()
                ? "HAProxy's " + HAPROXY.tcp + ", nginx's " + NGINX.tcp + " in a stream block"
                : "HAProxy's " + HAPROXY.setting(transport) + ", nginx's " + NGINX.setting(transport);
    }
}
