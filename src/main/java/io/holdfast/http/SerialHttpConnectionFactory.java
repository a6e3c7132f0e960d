package io.holdfast.http;

import io.holdfast.jetty.SocketCounts;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Makes HTTP/1 connections that read on one thread at a time.
 *
 * <p>Jetty answers a request that it cannot parse on another thread, and that thread has the next read done while the first
 * one still ends its own (jetty.project issue 12939). Both then release the same pooled buffer, which other connections
 * use. Any client can cause that by bad requests.
 */
final class SerialHttpConnectionFactory extends HttpConnectionFactory {

    /** @param replaced the factory whose configuration is used */
    SerialHttpConnectionFactory(HttpConnectionFactory replaced) {
        super(replaced.getHttpConfiguration());
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return newConnection(connector, endPoint, SocketCounts.NONE);
    }

    /** @param before what passed on the socket before */
    Connection newConnection(Connector connector, EndPoint endPoint, SocketCounts before) {
        HttpConnection connection = new SerialConnection(getHttpConfiguration(), connector, endPoint, before);
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }

    private static final class SerialConnection extends HttpConnection implements SocketCounts.Counted {

        private final ReentrantLock reading = new ReentrantLock();
        private final SocketCounts before;

        SerialConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint, SocketCounts before) {
            super(configuration, connector, endPoint);
            this.before = before;
        }

        @Override
        public SocketCounts counts() {
            return before.plus(this);
        }

        @Override
        protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
            return new Stream(method, uri, version);
        }

        @Override
        public void onFillable() {
            reading.lock();
            try {
                super.onFillable();
            } finally {
                reading.unlock();
            }
        }

        private final class Stream extends HttpStreamOverHTTP1 {

            private final HttpVersion version;

            Stream(String method, String uri, HttpVersion version) {
                super(method, uri, version);
                this.version = version;
            }

            /** Jetty knows no field by the name of one that it would not treat as it should. */
            @Override
            public void parsedHeader(HttpField field) {
                super.parsedHeader(isHidden(field) ? new HttpField(null, field.getName(), field.getValue()) : field);
            }

            /**
             * Without {@code Connection}, an upgrade would be refused as one to HTTP/2. An expectation in HTTP/1.0 is ignored
             * (RFC 9110, section 10.1.1).
             */
            private boolean isHidden(HttpField field) {
                return field.getHeader() == HttpHeader.UPGRADE
                        || (field.getHeader() == HttpHeader.EXPECT && version == HttpVersion.HTTP_1_0);
            }
        }
    }
}
