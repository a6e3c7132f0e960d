package io.holdfast.http;

import io.holdfast.connection.TlsRefusals;
import io.holdfast.connection.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Makes connections of TLS whose handshakes have a deadline, and are counted if they fail. */
final class TlsConnectionFactory extends SslConnectionFactory {

    private static final int ALERT = 21;
    private static final int ALERT_BYTES = 7;
    private static final int PROTOCOL_VERSION = 70;

    private final TlsRefusals refusals;

    /** @param replaced the factory whose configuration is used */
    TlsConnectionFactory(SslConnectionFactory replaced, TlsRefusals refusals) {
        super(replaced.getSslContextFactory(), replaced.getNextProtocol());
        this.refusals = refusals;
    }

    @Override
    protected SslConnection newSslConnection(Connector connector, EndPoint endPoint, SSLEngine engine) {
        return new Tls(connector, endPoint, engine);
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
