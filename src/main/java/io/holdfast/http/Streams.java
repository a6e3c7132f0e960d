package io.holdfast.http;

import io.holdfast.connection.Admission;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Takeover;
import io.holdfast.connection.Transport;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;

/**
 * Opens streams. A stream leaves the servlet container with its response's head: from there on a {@link StreamConnection}
 * has the socket to itself, no request is under way, and no thread, request or response object is kept for it.
 */
@Component
class Streams {

    /** Without the header's enum constant, so that Jetty sends it where HTTP/1.1 would go without saying. */
    private static final HttpField KEEP_ALIVE = new HttpField(null, "Connection", "keep-alive");

    private static final HttpField CLOSE = new HttpField(HttpHeader.CONNECTION, "close");

    private final Connections connections;
    private final LifeSigns lifeSigns;

    Streams(Connections connections, LifeSigns lifeSigns) {
        this.connections = connections;
        this.lifeSigns = lifeSigns;
    }

    /**
     * Sends the head of {@code response}, which has its status and content type, and then {@code ticks} for its body.
     *
     * @throws ErrorResponseException if the version of HTTP or a limit does not allow it
     */
    void open(HttpServletRequest request, HttpServletResponse response, Ticks ticks, @Nullable String label)
            throws IOException {
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        ConnectionMetaData http = jetty.getConnectionMetaData();
        if (http.getHttpVersion().getVersion() > HttpVersion.HTTP_1_1.getVersion()) {
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                    HttpStatus.HTTP_VERSION_NOT_SUPPORTED, "Streams are served over HTTP/1.1.");
            throw new ErrorResponseException(HttpStatus.HTTP_VERSION_NOT_SUPPORTED, problem, null);
        }
        switch (connections.admit(Transport.HTTP, "stream", Takeover.remote(request), label)) {
            case Admission.Refused refused -> throw refusal(refused);
            case Admission.Admitted admitted -> takeOver(jetty, http, response, ticks, admitted.connection());
        }
    }

    private static ErrorResponseException refusal(Admission.Refused refused) {
        ProblemDetail problem = refused.problem();
        ErrorResponseException refusal =
                new ErrorResponseException(HttpStatus.valueOf(problem.getStatus()), problem, null);
        refusal.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(Admission.Refused.RETRY_AFTER));
        return refusal;
    }

    private void takeOver(
            ServletContextRequest jetty,
            ConnectionMetaData http,
            HttpServletResponse response,
            Ticks ticks,
            Connection connection)
            throws IOException {
        boolean chunked = isChunked(http);
        StreamConnection stream = new StreamConnection(
                http.getConnection().getEndPoint(), http.getConnector(), connection, ticks, chunked, lifeSigns);
        Takeover.after(jetty, stream, connection);
        jetty.addHttpStreamWrapper(WithoutEnd::new);
        sendHead(jetty, response, chunked);
    }

    /** Sends the head of {@code response} as {@link #open} would, for a request that wants no more. */
    void head(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        sendHead(jetty, response, isChunked(jetty.getConnectionMetaData()));
    }

    private static boolean isChunked(ConnectionMetaData http) {
        return http.getHttpVersion() == HttpVersion.HTTP_1_1 && http.isPersistent();
    }

    private static void sendHead(ServletContextRequest jetty, HttpServletResponse response, boolean chunked)
            throws IOException {
        jetty.getServletContextResponse().getHeaders().put(chunked ? KEEP_ALIVE : CLOSE);
        response.flushBuffer();
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
