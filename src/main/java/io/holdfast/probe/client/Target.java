// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** An address, and the protocol to use there. */
public sealed interface Target {

    String host();

    int port();

    boolean tls();

    /** The address as the user typed it. */
    default String where() {
        return switch (this) {
            case Tcp tcp -> tcp.address().toString();
            case Lines lines -> lines.address().toString();
            case WebSocket webSocket -> "ws" + webSocket.url().toString().substring("http".length());
            case Web web -> web.url().toString();
        };
    }

    /** Its server, as the user would give it with TLS or without. */
    default String server(boolean withTls) {
        return switch (this) {
            case Tcp tcp -> new TcpAddress(host(), port(), withTls).toString();
            case Lines lines -> new TcpAddress(host(), port(), withTls).toString();
            case Web web -> (withTls ? "https://" : "http://") + web.authority();
        };
    }

    /** Raw TCP: the bytes of one read are a message. */
    record Tcp(TcpAddress address) implements Target {
        @Override
        public String host() {
            return address.host();
        }

        @Override
        public int port() {
            return address.port();
        }

        @Override
        public boolean tls() {
            return address.tls();
        }
    }

    /** TCP with one message per line, ended by LF. */
    record Lines(TcpAddress address) implements Target {
        @Override
        public String host() {
            return address.host();
        }

        @Override
        public int port() {
            return address.port();
        }

        @Override
        public boolean tls() {
            return address.tls();
        }
    }

    /** A target with a URL. */
    sealed interface Web extends Target {

        /** Its URL, with the scheme {@code http} or {@code https} for every protocol. */
        URI url();

        /** The version of HTTP. */
        HttpProtocol protocol();

        @Override
        default String host() {
            String host = url().getHost();
            return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        }

        @Override
        default int port() {
            int port = url().getPort();
            return port >= 0 ? port : tls() ? 443 : 80;
        }

        @Override
        default boolean tls() {
            return url().getScheme().equals("https");
        }

        /** The value of the {@code Host} header. */
        default String authority() {
            return url().getRawAuthority();
        }

        /** Path and query, for the request line. */
        default String path() {
            String path = url().getRawPath().isEmpty() ? "/" : url().getRawPath();
            return url().getRawQuery() == null ? path : path + "?" + url().getRawQuery();
        }
    }

    /** WebSocket: messages are text. Over HTTP/2 it is one stream (RFC 8441). */
    record WebSocket(URI url, HttpProtocol protocol) implements Web {

        /** Over HTTP/1.1. */
        public WebSocket(URI url) {
            this(url, HttpProtocol.HTTP_1_1);
        }
    }

    /**
     * HTTP: a message is the body of a POST, and of its answer. The next one is sent after the answer. Over HTTP/2 each is a
     * stream.
     *
     * @param contentType of the messages
     */
    record HttpPost(URI url, String contentType, HttpProtocol protocol) implements Web {

        /** Over HTTP/1.1. */
        public HttpPost(URI url, String contentType) {
            this(url, contentType, HttpProtocol.HTTP_1_1);
        }
    }

    /**
     * A streaming HTTP response: each line is a message, or each event of an event stream.
     *
     * @param accept the requested media type
     * @param lastEventId where to resume; null to start now
     */
    record HttpStream(URI url, String accept, @Nullable String lastEventId, HttpProtocol protocol) implements Web {

        /** Over HTTP/1.1. */
        public HttpStream(URI url, String accept, @Nullable String lastEventId) {
            this(url, accept, lastEventId, HttpProtocol.HTTP_1_1);
        }
    }
}
