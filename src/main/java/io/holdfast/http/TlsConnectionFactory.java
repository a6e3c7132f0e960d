// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.TlsRefusals;
import io.holdfast.connection.Transport;
import io.holdfast.time.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * Makes connections of TLS whose handshakes have a deadline, and are counted if they fail. Plain HTTP is told that it has come to
 * the wrong port, by an answer in plain HTTP.
 */
final class TlsConnectionFactory extends SslConnectionFactory {

    private static final int ALERT = 21;
    private static final int ALERT_BYTES = 7;
    private static final int PROTOCOL_VERSION = 70;

    /** Most first messages of TLS fit in. */
    private static final int FIRST_READ = 2048;

    private final TlsRefusals refusals;
    private final Timers timers;
    private final Duration closing;
    private final byte[] answer;

    /**
     * @param replaced the factory whose configuration is used
     * @param closing how long a client of plain HTTP may take to end its side after the answer
     */
    TlsConnectionFactory(
            SslConnectionFactory replaced,
            TlsRefusals refusals,
            ProblemAnswers problems,
            Timers timers,
            Duration closing) {
        super(replaced.getSslContextFactory(), replaced.getNextProtocol());
        this.refusals = refusals;
        this.timers = timers;
        this.closing = closing;
        this.answer = answer(problems);
    }

    private static byte[] answer(ProblemAnswers problems) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST,
                "This port takes TLS, and the request is plain text. Valid: https:// in the place of http://, and wss:// in"
                        + " the place of ws://, as https://example.org/stream.");
        problem.setProperty("parameter", "scheme");
        problem.setProperty("valid", "https");
        ByteBuffer body = problems.bytes(problem);
        byte[] head = ("HTTP/1.1 400 Bad Request\r\nContent-Type: "
                        + ProblemAnswers.PROBLEM_JSON.getValue() + "\r\nContent-Length: " + body.remaining()
                        + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + body.remaining())
                .put(head)
                .put(body)
                .array();
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(new Detection(endPoint, connector), connector, endPoint);
    }

    private Connection secured(Connector connector, EndPoint endPoint) {
        return super.newConnection(connector, endPoint);
    }

    @Override
    protected SslConnection newSslConnection(Connector connector, EndPoint endPoint, SSLEngine engine) {
        return new Tls(connector, endPoint, engine);
    }

    /** A method of HTTP begins with a letter; the types of TLS' records are control characters. */
    private static boolean isPlainHttp(byte first) {
        int upperCase = first & ~0x20;
        return upperCase >= 'A' && upperCase <= 'Z';
    }

    private final class Detection extends FirstBytes {

        Detection(EndPoint endPoint, Connector connector) {
            super(endPoint, connector, FIRST_READ);
        }

        @Override
        boolean decide(ByteBuffer arrived) {
            if (isPlainHttp(arrived.get(arrived.position()))) {
                refusals.count(Transport.HTTP, TlsRefusals.Reason.PLAIN_ON_TLS);
                BufferUtil.clear(arrived);
                getEndPoint().write(Callback.from(this::closeInStages, getEndPoint()::close), ByteBuffer.wrap(answer));
            } else {
                getEndPoint().upgrade(secured(connector(), getEndPoint()));
            }
            return true;
        }

        private void closeInStages() {
            new StagedClose(getEndPoint(), connector().getByteBufferPool(), getEndPoint()::close)
                    .start(timers, closing);
        }

        @Override
        public void late() {
            refusals.count(Transport.HTTP, TlsRefusals.Reason.HANDSHAKE_TIMEOUT);
        }
    }

    private final class Tls extends SslConnection implements BeforeHttp {

        private volatile boolean complete;
        private volatile boolean failed;
        private volatile boolean versionRefused;

        @SuppressWarnings("this-escape") // the listener is called when the connection is open
        Tls(Connector connector, EndPoint endPoint, SSLEngine engine) {
            super(
                    connector.getByteBufferPool(),
                    connector.getExecutor(),
                    getSslContextFactory(),
                    endPoint,
                    engine,
                    isDirectBuffersForEncryption(),
                    isDirectBuffersForDecryption());
            addHandshakeListener(new SslHandshakeListener() {
                @Override
                public void handshakeSucceeded(Event event) {
                    complete = true;
                }

                @Override
                public void handshakeFailed(Event event, Throwable cause) {
                    failed = true;
                }
            });
        }

        /** An alert about the version is sent before anything is encrypted. */
        @Override
        protected boolean networkFlush(ByteBuffer output) throws IOException {
            if (!complete
                    && output.remaining() == ALERT_BYTES
                    && output.get(output.position()) == ALERT
                    && output.get(output.position() + ALERT_BYTES - 1) == PROTOCOL_VERSION) {
                versionRefused = true;
            }
            return super.networkFlush(output);
        }

        @Override
        public void onClose(@Nullable Throwable cause) {
            if (failed) {
                refusals.count(
                        Transport.HTTP,
                        versionRefused ? TlsRefusals.Reason.VERSION : TlsRefusals.Reason.HANDSHAKE_FAILED);
            }
            super.onClose(cause);
        }

        @Override
        public boolean isOver() {
            return complete;
        }

        @Override
        public void late() {
            refusals.count(Transport.HTTP, TlsRefusals.Reason.HANDSHAKE_TIMEOUT);
        }
    }
}
