// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.web.server.Ssl.ClientAuth;

/**
 * TLS of a listener.
 *
 * @param bundle the name of a bundle below {@code spring.ssl.bundle}, with the certificate. Default: none; then the listener
 *     has no TLS
 * @param clientAuth whether clients have to show a certificate that the bundle's trust store trusts: none, want or need.
 *     Default: none
 * @param mode whether every connection has to use TLS: required or optional. Default: required
 */
record TcpTlsProperties(
        @Nullable String bundle,
        @DefaultValue("none") ClientAuth clientAuth,
        @DefaultValue("required") Mode mode) {

    static final TcpTlsProperties NONE = new TcpTlsProperties(null, ClientAuth.NONE, Mode.REQUIRED);

    /** Whether a connection may do without TLS. */
    enum Mode {
        /** Every connection uses TLS. */
        REQUIRED,
        /** The first byte tells whether a connection uses TLS. */
        OPTIONAL
    }

    boolean isOn() {
        return bundle != null;
    }

    /** @throws InvalidSettingException if something else is set without a certificate */
    void check(String listener) {
        if (bundle != null && !bundle.isBlank()) {
            return;
        }
        if (bundle != null) {
            throw invalid(listener, "ssl.bundle", bundle, "is not the name of a bundle below spring.ssl.bundle");
        }
        if (clientAuth != ClientAuth.NONE) {
            throw needsBundle(listener, "ssl.client-auth", clientAuth);
        }
        if (mode != Mode.REQUIRED) {
            throw needsBundle(listener, "ssl.mode", mode);
        }
    }

    private static InvalidSettingException needsBundle(String listener, String setting, Enum<?> value) {
        return invalid(
                listener,
                setting,
                value.name().toLowerCase(Locale.ROOT),
                "needs TLS: set " + TcpProperties.property(listener, "ssl.bundle"));
    }

    private static InvalidSettingException invalid(String listener, String setting, String value, String reason) {
        return new InvalidSettingException(
                TcpProperties.property(listener, setting),
                value,
                reason,
                List.of(new Example(TcpProperties.property(listener, "ssl.bundle"), "web")));
    }

    /** For an operator, as {@code required, client certificates: none}. */
    @Override
    public String toString() {
        return mode.name().toLowerCase(Locale.ROOT) + ", bundle '" + bundle + "', client certificates: "
                + clientAuth.name().toLowerCase(Locale.ROOT);
    }
}
