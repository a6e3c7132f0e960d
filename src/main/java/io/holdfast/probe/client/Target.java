package io.holdfast.probe.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where to go, and what to speak there. */
public sealed interface Target {

    String host();

    int port();

    boolean tls();

    /** Where, as who typed it reads it. */
    default String where() {
        return switch (this) {
            case Tcp tcp -> tcp.address().toString();
            case Lines lines -> lines.address().toString();
            case WebSocket webSocket -> "ws" + webSocket.url().toString().substring("http".length());
            case Web web -> web.url().toString();
        };
    }

    /** Raw TCP: what was read in one go is a message. */
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

    /** TCP with a message a line, ended by LF. */
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

    /** What is reached by a URL. */
    sealed interface Web extends Target {

        /** An {@code http} or {@code https} URL, whatever is spoken. */
        URI url();

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

        /** The {@code Host} of a request. */
        default String authority() {
            return url().getRawAuthority();
        }

        /** Path and query, as a request line has them. */
        default String path() {
            String path = url().getRawPath().isEmpty() ? "/" : url().getRawPath();
            return url().getRawQuery() == null ? path : path + "?" + url().getRawQuery();
        }
    }

    /**
     * WebSocket: messages are text.
     *
     * @param compressed whether per-message deflate is offered
     */
    record WebSocket(URI url, boolean compressed) implements Web {}

    /**
     * HTTP: a message is the body of a POST, and of its answer; the next one is sent when the one before was answered.
     *
     * @param contentType of what is sent
     */
    record HttpPost(URI url, String contentType) implements Web {}

    /**
     * An HTTP response that goes on: a line is a message, or an event if it is an event stream.
     *
     * @param accept the media type asked for
     * @param lastEventId where to go on; null for now
     */
    record HttpStream(URI url, String accept, @Nullable String lastEventId) implements Web {}
}
