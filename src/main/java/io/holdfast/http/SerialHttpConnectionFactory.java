// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.TlsRefusals;
import io.holdfast.connection.Transport;
import io.holdfast.jetty.SocketCounts;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP/1 connections that read on one thread at a time, and that end by a {@link StagedClose}.
 *
 * <p>Jetty answers a request that it cannot parse on another thread, and that thread has the next read done while the first
 * one still ends its own (jetty.project issue 12939). Both then release the same pooled buffer, which other connections
 * use. Any client can cause that by bad requests.
 */
final class SerialHttpConnectionFactory extends HttpConnectionFactory {

    /** The first byte of TLS. A request cannot begin with it. */
    private static final byte TLS_HANDSHAKE = 22;

    private final Timers timers;
    private final Duration closing;

    /**
     * @param replaced the factory whose configuration is used
     * @param closing how long a client may take to end its side after the last answer
     */
    SerialHttpConnectionFactory(HttpConnectionFactory replaced, Timers timers, Duration closing) {
        super(replaced.getHttpConfiguration());
        this.timers = timers;
        this.closing = closing;
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

    private final class SerialConnection extends HttpConnection implements SocketCounts.Counted {

        private final ReentrantLock reading = new ReentrantLock();
        private final SocketCounts before;
        private volatile @Nullable StagedClose end;

        /** Set by Jetty's constructor, so it has no initial value here. */
        @SuppressWarnings("NullAway.Init")
        private RequestHandler handler;

        SerialConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint, SocketCounts before) {
            super(configuration, connector, endPoint);
            this.before = before;
        }

        @Override
        public SocketCounts counts() {
            return before.plus(this);
        }

        @Override
        protected RequestHandler newRequestHandler() {
            RequestHandler made = super.newRequestHandler();
            handler = made;
            return made;
        }

        @Override
        protected HttpParser newHttpParser(HttpCompliance compliance) {
            HttpConfiguration limits = getHttpConfiguration();
            HttpParser parser = new HttpParser(handler, limits.getRequestHeaderSize(), compliance) {
                @Override
                public boolean parseNext(ByteBuffer buffer) {
                    if (isStart() && buffer.hasRemaining() && buffer.get(buffer.position()) == TLS_HANDSHAKE) {
                        // It is answered as any other request that cannot be parsed: TLS clients know that answer.
                        getConnector()
                                .getBean(TlsRefusals.class)
                                .count(Transport.HTTP, TlsRefusals.Reason.TLS_ON_PLAIN);
                    }
                    return super.parseNext(buffer);
                }
            };
            parser.setHeaderCacheSize(limits.getHeaderCacheSize());
            parser.setHeaderCacheCaseSensitive(limits.isHeaderCacheCaseSensitive());
            return parser;
        }

        @Override
        protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
            return new Stream(method, uri, version);
        }

        @Override
        public void onFillable() {
            reading.lock();
            try {
                StagedClose current = end;
                if (current != null && !current.isOver()) {
                    current.succeeded();
                } else if (current != null || !isAnswerPending()) {
                    super.onFillable();
                }
            } finally {
                reading.unlock();
            }
        }

        /** Whether the answer to something that cannot be parsed is still being written. The close after it reads on. */
        private boolean isAnswerPending() {
            return getParser().isTerminated() && getEndPoint().isOpen();
        }

        @Override
        public void fillInterested(Callback callback) {
            if (!getEndPoint().tryFillInterested(callback) && end == null) {
                throw new ReadPendingException();
            }
        }

        @Override
        public void asyncReadFillInterested() {
            tryFillInterested(new BodyWait());
        }

        private void closeInStages(Runnable then) {
            StagedClose started = new StagedClose(getEndPoint(), getConnector().getByteBufferPool(), () -> {
                getEndPoint().close();
                then.run();
            });
            end = started;
            started.start(timers, closing);
        }

        /** A wait for more of a request's body. The request may be refused meanwhile: then the close goes on. */
        private final class BodyWait implements Callback {

            @Override
            public void succeeded() {
                StagedClose current = end;
                if (current != null) {
                    current.succeeded();
                    return;
                }
                Runnable task = getHttpChannel().onContentAvailable();
                if (task != null) {
                    task.run();
                }
            }

            @Override
            public void failed(Throwable cause) {
                StagedClose current = end;
                if (current != null) {
                    current.failed(cause);
                    return;
                }
                Runnable task = getHttpChannel().onFailure(cause);
                if (task != null) {
                    getConnector().getExecutor().execute(task);
                }
            }

            @Override
            public InvocationType getInvocationType() {
                return Invocable.getInvocationType(getHttpChannel());
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
             * Without {@code Connection}, an upgrade to anything would be refused as one to HTTP/2. An expectation in HTTP/1.0
             * is ignored (RFC 9110, section 10.1.1).
             */
            private boolean isHidden(HttpField field) {
                return (field.getHeader() == HttpHeader.UPGRADE && !upgradesToHttp2(field))
                        || (field.getHeader() == HttpHeader.EXPECT && version == HttpVersion.HTTP_1_0);
            }

            private boolean upgradesToHttp2(HttpField field) {
                return version == HttpVersion.HTTP_1_1
                        && ClearTextHttp2.PROTOCOL.equals(field.getValue())
                        && getConnector().getConnectionFactory(ClearTextHttp2.PROTOCOL) != null;
            }

            /** What was not read of a request would be taken for the next one. So the connection ends with this answer. */
            @Override
            public void prepareResponse(HttpFields.Mutable headers) {
                if (getParser().isTerminated() || isBodyLeft(headers)) {
                    headers.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
                }
                super.prepareResponse(headers);
            }

            private boolean isBodyLeft(HttpFields answer) {
                if (!getParser().hasContent() || !getParser().inContentState()) {
                    return false;
                }
                // Who has set this header knows that there is more, and another thread may be reading.
                return answer.contains(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString())
                        || consumeAvailable() != null;
            }

            @Override
            public void succeeded() {
                if (isLast()) {
                    closeInStages(super::succeeded);
                } else {
                    super.succeeded();
                }
            }

            @Override
            public void failed(Throwable cause) {
                if (isLast()) {
                    closeInStages(() -> super.failed(cause));
                } else {
                    super.failed(cause);
                }
            }

            /** Whether an answer was sent after which the connection ends. */
            private boolean isLast() {
                return getGenerator().isCommitted()
                        && !getGenerator().isPersistent()
                        && getHttpChannel().getRequest().getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE) == null;
            }
        }
    }
}
