// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.tls.UnusableBundleException;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.Ssl.ClientAuth;

/** TLS of one listener, by the JDK. Each new connection has the certificate that is in use then. Safe from any thread. */
final class ListenerTls {

    private final TcpTlsProperties settings;
    private volatile @Nullable InUse inUse;

    /** What one bundle says. */
    private record InUse(SslBundle bundle, SSLContext context) {}

    ListenerTls(TcpTlsProperties settings) {
        this.settings = settings;
    }

    /** @throws UnusableBundleException if clients have to show certificates, and the bundle trusts none */
    void take(SslBundle bundle) {
        if (settings.clientAuth() != ClientAuth.NONE && bundle.getStores().getTrustStore() == null) {
            // Without one, Java trusts whatever public authorities have signed.
            throw new UnusableBundleException("client-auth needs its truststore, with the authorities of the clients");
        }
        inUse = new InUse(bundle, bundle.createSslContext());
    }

    boolean isOptional() {
        return settings.mode() == TcpTlsProperties.Mode.OPTIONAL;
    }

    TlsHandler newHandler() {
        InUse now = Objects.requireNonNull(inUse);
        SSLEngine engine = now.context().createSSLEngine();
        engine.setUseClientMode(false);
        switch (settings.clientAuth()) {
            case NONE -> {
                // The default.
            }
            case WANT -> engine.setWantClientAuth(true);
            case NEED -> engine.setNeedClientAuth(true);
        }
        String[] protocols = now.bundle().getOptions().getEnabledProtocols();
        if (protocols != null) {
            engine.setEnabledProtocols(protocols);
        }
        String[] ciphers = now.bundle().getOptions().getCiphers();
        if (ciphers != null) {
            engine.setEnabledCipherSuites(ciphers);
        }
        return new TlsHandler(engine);
    }
}
