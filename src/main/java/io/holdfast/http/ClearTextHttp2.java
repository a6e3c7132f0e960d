// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import java.util.Base64;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.parser.SettingsBodyParser;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 without TLS, by prior knowledge or by an upgrade. An upgrade that cannot be followed is ignored, as RFC 9110, section
 * 7.8, allows: the request is answered over HTTP/1.1. Jetty would fail at it, and log it.
 */
final class ClearTextHttp2 extends HTTP2CServerConnectionFactory {

    /** The value of the header {@code Upgrade}. */
    static final String PROTOCOL = "h2c";

    ClearTextHttp2(HttpConfiguration configuration) {
        super(configuration);
    }

    @Override
    public @Nullable Connection upgradeConnection(
            Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable answer) {
        return isPriorKnowledge(request) || isComplete(request.getHttpFields())
                ? super.upgradeConnection(connector, endPoint, request, answer)
                : null;
    }

    private static boolean isPriorKnowledge(MetaData.Request request) {
        return request.getMethod().equals("PRI");
    }

    /** Whether there is no body, and the settings can be read (RFC 7540, section 3.2.1). */
    private static boolean isComplete(HttpFields headers) {
        List<String> settings = headers.getValuesList(HttpHeader.HTTP2_SETTINGS);
        if (settings.size() != 1 || headers.contains(HttpHeader.TRANSFER_ENCODING)) {
            return false;
        }
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(settings.getFirst());
            return SettingsBodyParser.parseBody(BufferUtil.toBuffer(decoded)) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
