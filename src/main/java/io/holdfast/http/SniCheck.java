// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.TlsRefusals;
import io.holdfast.connection.Transport;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;

/**
 * Refuses requests over TLS for a host that the certificate is not for: 421, upon which a client of HTTP/2 that has reused a
 * connection opens another one (RFC 9110, section 15.5.20).
 */
final class SniCheck extends SecureRequestCustomizer {

    private final TlsRefusals refusals;

    /** @param replaced the one whose configuration is used */
    SniCheck(SecureRequestCustomizer replaced, TlsRefusals refusals) {
        super(
                replaced.isSniRequired(),
                replaced.isSniHostCheck(),
                replaced.getStsMaxAge(),
                replaced.isStsIncludeSubDomains());
        this.refusals = refusals;
    }

    @Override
    protected void checkSni(Request request, SSLSession session) {
        try {
            super.checkSni(request, session);
        } catch (HttpException.RuntimeException e) {
            refusals.count(Transport.HTTP, TlsRefusals.Reason.SNI);
            throw new HttpException.RuntimeException(HttpStatus.MISDIRECTED_REQUEST_421, e);
        }
    }
}
