package io.holdfast.http;

import io.holdfast.connection.TlsRefusals;
import io.holdfast.connection.Transport;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * Tells plain HTTP on a port of TLS that it has come to the wrong one, by an answer in plain HTTP. Everything else is left to
 * TLS.
 */
final class TlsDetection extends AbstractConnectionFactory {

    private static final String PROTOCOL = "tls-detection";

    /** Most first messages of TLS fit in. */
    private static final int FIRST_READ = 2048;

    private final ConnectionFactory tls;
    private final TlsRefusals refusals;
    private final Timers timers;
    private final Duration closing;
    private final byte[] answer;

    /**
     * @param tls what comes next
     * @param closing how long a client may take to end its side after the answer
     */
    TlsDetection(
            ConnectionFactory tls, TlsRefusals refusals, ProblemAnswers problems, Timers timers, Duration closing) {
        super(PROTOCOL);
        this.tls = tls;
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
                getEndPoint()
                        .write(
                                Callback.from(this::closeInStages, getEndPoint()::close),
                                ByteBuffer.wrap(answer));
            } else {
                upgrade(tls, getEndPoint());
            }
            return true;
        }

        private void closeInStages() {
            new StagedClose(getEndPoint(), connector().getByteBufferPool(), getEndPoint()::close).start(timers, closing);
        }

        @Override
        public void late() {
            refusals.count(Transport.HTTP, TlsRefusals.Reason.HANDSHAKE_TIMEOUT);
        }
    }
}
