// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.tls.Certificates;
import io.holdfast.tls.UnusableBundleException;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Gives Jetty's ports the certificates that replace those of their bundle: Spring Boot does so only for other servers. Open
 * connections keep what they have.
 */
@Component
class ServerCertificates {

    static final String HTTP = "server.ssl.bundle";
    static final String MANAGEMENT = "management.server.ssl.bundle";

    private final Certificates certificates;
    private final Environment environment;

    ServerCertificates(Certificates certificates, Environment environment) {
        this.certificates = certificates;
        this.environment = environment;
    }

    /** @param property the setting that names the bundle of {@code server}, if it has one */
    void serve(Server server, String property) {
        String bundle = environment.getProperty(isInherited(property) ? HTTP : property);
        SslContextFactory.Server context = context(server);
        if (context != null && bundle != null && !bundle.isEmpty()) {
            certificates.use(
                    property,
                    bundle,
                    property.equals(HTTP) ? "HTTP" : "the management port",
                    next -> take(next, context));
        }
    }

    /** Without settings of its own, the management port has those of the other one. */
    private boolean isInherited(String property) {
        return property.equals(MANAGEMENT)
                && !Binder.get(environment)
                        .bind("management.server.ssl", Bindable.mapOf(String.class, Object.class))
                        .isBound();
    }

    private static SslContextFactory.@Nullable Server context(Server server) {
        return Stream.of(server.getConnectors())
                .map(connector -> connector.getConnectionFactory(SslConnectionFactory.class))
                .filter(SslConnectionFactory.class::isInstance)
                .map(SslConnectionFactory::getSslContextFactory)
                .findFirst()
                .orElse(null);
    }

    private static void take(SslBundle bundle, SslContextFactory.Server context) {
        try {
            if (context.isStarted()) {
                context.reload(changed -> configure(changed, bundle));
            } else {
                configure(context, bundle);
            }
        } catch (Exception e) {
            throw new UnusableBundleException(String.valueOf(e.getMessage()));
        }
    }

    /** As Spring Boot does before the start. */
    private static void configure(SslContextFactory context, SslBundle bundle) {
        String storePassword = bundle.getStores().getKeyStorePassword();
        String keyPassword = bundle.getKey().getPassword();
        if (storePassword != null) {
            context.setKeyStorePassword(storePassword);
        }
        if (keyPassword != null) {
            context.setKeyManagerPassword(keyPassword);
        }
        context.setCertAlias(bundle.getKey().getAlias());
        context.setKeyStore(bundle.getStores().getKeyStore());
        context.setTrustStore(bundle.getStores().getTrustStore());
    }
}
