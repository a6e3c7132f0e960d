// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.Admission;
import io.holdfast.connection.Connection;
import io.holdfast.connection.ConnectionRequest;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.Deliveries;
import io.holdfast.fault.Faults;
import io.holdfast.jetty.ConnectionUpgrade;
import io.holdfast.jetty.RequestAccess;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;

/**
 * Opens streams. When the head of its response is sent, a stream leaves HTTP: then a {@link StreamConnection} owns the
 * socket, or the stream of HTTP/2, and no thread, request or response object is kept for it.
 */
@Component
class Streams {

    /** Made without the header's enum constant: Jetty would leave it out, as it is the default of HTTP/1.1. */
    private static final HttpField KEEP_ALIVE = new HttpField(null, "Connection", "keep-alive");

    private static final HttpField CLOSE = new HttpField(HttpHeader.CONNECTION, "close");
    private static final HttpField NOT_CACHED = new HttpField(HttpHeader.CACHE_CONTROL, "no-store, no-transform");
    private static final HttpField NOT_BUFFERED = new HttpField("X-Accel-Buffering", "no");

    private final Connections connections;
    private final Deliveries deliveries;
    private final Faults faults;
    private final RequestAccess requests;

    Streams(Connections connections, Deliveries deliveries, Faults faults, RequestAccess requests) {
        this.requests = requests;
        this.connections = connections;
        this.deliveries = deliveries;
        this.faults = faults;
    }

    /** Whether the body of the response will be chunked; if not, the end of the connection ends it. */
    static boolean isChunked(HttpServletRequest request) {
        return isChunked(ServletContextRequest.getServletContextRequest(request).getConnectionMetaData());
    }

    /** As {@link #isChunked(HttpServletRequest)}. */
    static boolean isChunked(Exchange exchange) {
        return isChunked(exchange.request().getConnectionMetaData());
    }

    private static boolean isChunked(ConnectionMetaData http) {
        return http.getHttpVersion() == HttpVersion.HTTP_1_1 && http.isPersistent();
    }

    /** The executor of the server's threads. */
    static Executor executor(HttpServletRequest request) {
        return ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnector()
                .getExecutor();
    }

    /**
     * Answers with a stream; to HEAD with the head alone.
     *
     * @throws ErrorResponseException if a limit does not allow it
     */
    void open(HttpServletRequest request, HttpServletResponse response, StreamBody body) throws IOException {
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        prepare(jetty, jetty.getServletContextResponse().getHeaders(), body);
        response.flushBuffer();
    }

    /** As {@link #open(HttpServletRequest, HttpServletResponse, StreamBody)}, for a request that no servlet handles. */
    void open(Exchange exchange, StreamBody body) {
        prepare(exchange.request(), exchange.response().getHeaders(), body);
        exchange.response().write(false, null, exchange);
    }

    private void prepare(Request request, HttpFields.Mutable answer, StreamBody body) {
        if (!request.getMethod().equals("HEAD")) {
            ConnectionRequest connection = new ConnectionRequest(
                    Transport.HTTP,
                    body.kind(),
                    ConnectionUpgrade.remote(request),
                    body.label(),
                    ConnectionUpgrade.carrier(request),
                    requests.known(request));
            switch (connections.admit(connection)) {
                case Admission.Refused refused -> throw ProblemAnswers.of(refused);
                case Admission.Admitted admitted -> upgrade(request, body, admitted.connection());
            }
        }
        answer.put(HttpHeader.CONTENT_TYPE, body.contentType());
        answer.put(NOT_CACHED);
        answer.put(NOT_BUFFERED);
        if (!ConnectionUpgrade.isMultiplexed(request)) {
            answer.put(body.framing().chunked() ? KEEP_ALIVE : CLOSE);
        }
    }

    private void upgrade(Request request, StreamBody body, Connection connection) {
        StreamConnection stream = StreamConnection.of(
                ConnectionUpgrade.endPoint(request),
                request.getConnectionMetaData().getConnector(),
                connection,
                deliveries,
                faults,
                body);
        ConnectionUpgrade.after(request, stream, stream.delivery());
        request.addHttpStreamWrapper(WithoutEnd::new);
    }

    /** Keeps Jetty from ending the body when the request has been handled. */
    private static final class WithoutEnd extends HttpStream.Wrapper {

        private boolean headSent;

        WithoutEnd(HttpStream stream) {
            super(stream);
        }

        @Override
        public void send(
                MetaData.Request request,
                MetaData.@Nullable Response response,
                boolean last,
                @Nullable ByteBuffer content,
                Callback callback) {
            if (headSent) {
                callback.succeeded();
            } else {
                headSent = true;
                super.send(request, response, false, content, callback);
            }
        }
    }
}
