// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whose certificates a client accepts. Immutable. */
public final class Trust {

    /** The valid form of a file, for errors. */
    public static final String VALID_FILE = "a readable file with certificates as PEM, as --cacert ca.pem";

    /** Whom Java trusts, for the host that was asked for. */
    public static final Trust SYSTEM = new Trust(null);

    /** Any certificate, for any host. */
    public static final Trust ANY = new Trust(InsecureTrustManagerFactory.INSTANCE);

    /** Null for that of the system. */
    private final @Nullable TrustManagerFactory managers;

    private Trust(@Nullable TrustManagerFactory managers) {
        this.managers = managers;
    }

    /**
     * Trusts the certificates in a file, and those that they have signed, instead of those of the system.
     *
     * @throws IllegalArgumentException if it has none; {@link #VALID_FILE} says what is valid
     */
    public static Trust inFile(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return new Trust(managers(CertificateFactory.getInstance("X.509").generateCertificates(in)));
        } catch (IOException | InvalidPathException | GeneralSecurityException e) {
            throw new IllegalArgumentException(VALID_FILE, e);
        }
    }

    private static TrustManagerFactory managers(Collection<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(VALID_FILE);
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        return managers;
    }

    /** For Netty. Offers HTTP/2 by ALPN, or nothing. */
    SslContext forNetty(boolean http2) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient().trustManager(managers);
        if (managers instanceof InsecureTrustManagerFactory) {
            builder.endpointIdentificationAlgorithm(null);
        }
        if (http2) {
            // With HTTP/1.1 in the offer, a server without HTTP/2 says so. Otherwise it would end the handshake.
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2,
                    ApplicationProtocolNames.HTTP_1_1));
        }
        return builder.build();
    }

    /** For the client of the JDK. */
    public SSLContext forJdk() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers == null ? null : managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
