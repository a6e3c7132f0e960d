package io.holdfast.http;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;

/**
 * Opens streams and ends them at shutdown, before the web server's own phase, which open requests would hold up.
 *
 * <p>A stream leaves the servlet container with its response's head: from there on a {@link StreamConnection} has the
 * socket to itself, no request is under way, and no thread, request or response object is kept for it.
 */
@Component
class Streams implements SmartLifecycle {

    /** Without the header's enum constant, so that Jetty sends it where HTTP/1.1 would go without saying. */
    private static final HttpField KEEP_ALIVE = new HttpField(null, "Connection", "keep-alive");

    private static final HttpField CLOSE = new HttpField(HttpHeader.CONNECTION, "close");

    private final Traffic.Counts traffic;
    private final Set<StreamConnection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    Streams(Traffic traffic) {
        this.traffic = traffic.of(Transport.HTTP);
    }

    /** Sends the head of {@code response}, which has its status and content type, and then {@code ticks} for its body. */
    void open(HttpServletRequest request, HttpServletResponse response, Ticks ticks) throws IOException {
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        ConnectionMetaData connection = jetty.getConnectionMetaData();
        HttpVersion version = connection.getHttpVersion();
        if (!running || version.getVersion() > HttpVersion.HTTP_1_1.getVersion()) {
            throw refusal(running);
        }
        boolean chunked = isChunked(connection);
        jetty.addHttpStreamWrapper(WithoutEnd::new);
        sendHead(jetty, response, chunked);
        jetty.setAttribute(
                HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
                new StreamConnection(
                        connection.getConnection().getEndPoint(),
                        connection.getConnector(),
                        ticks,
                        chunked,
                        traffic,
                        this));
    }

    /** Sends the head of {@code response} as {@link #open} would, for a request that wants no more. */
    void head(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        sendHead(jetty, response, isChunked(jetty.getConnectionMetaData()));
    }

    private static boolean isChunked(ConnectionMetaData connection) {
        return connection.getHttpVersion() == HttpVersion.HTTP_1_1 && connection.isPersistent();
    }

    private static void sendHead(ServletContextRequest jetty, HttpServletResponse response, boolean chunked)
            throws IOException {
        jetty.getServletContextResponse().getHeaders().put(chunked ? KEEP_ALIVE : CLOSE);
        response.flushBuffer();
    }

    private static ErrorResponseException refusal(boolean running) {
        HttpStatus status = running ? HttpStatus.HTTP_VERSION_NOT_SUPPORTED : HttpStatus.SERVICE_UNAVAILABLE;
        String detail = running ? "Streams are served over HTTP/1.1." : "The service is stopping.";
        return new ErrorResponseException(status, ProblemDetail.forStatusAndDetail(status, detail), null);
    }

    void opened(StreamConnection stream) {
        open.add(stream);
        if (!running) {
            stream.end();
        }
    }

    void closed(StreamConnection stream) {
        open.remove(stream);
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        open.forEach(StreamConnection::end);
    }

    @Override
    public boolean isRunning() {
        return running;
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
