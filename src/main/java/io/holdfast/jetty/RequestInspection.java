// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import io.netty.util.NetUtil;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.jspecify.annotations.Nullable;

/** What the server sees of a request, so that a client can tell what intermediaries changed. Names and values are for JSON. */
public final class RequestInspection {

    private static final Set<String> SECRETS = Set.of("authorization", "cookie", "proxy-authorization");
    private static final String HIDDEN = "…";
    private static final Pattern TOKEN_PROTOCOL =
            Pattern.compile(Pattern.quote(RequestAccess.SUBPROTOCOL) + "[^,\\s]*");

    private RequestInspection() {}

    /** Addresses are those of the socket, but for {@code client}, which a trusted proxy may have named. */
    public static Map<String, Object> of(HttpServletRequest request) {
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        ConnectionMetaData http = jetty.getConnectionMetaData();
        EndPoint endPoint = http.getConnection().getEndPoint();
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("remote", text(ProxiedEndPoint.peer(endPoint)));
        seen.put("client", text(http.getRemoteSocketAddress()));
        seen.put("local", text(ProxiedEndPoint.own(endPoint)));
        seen.put("protocol", http.getHttpVersion().asString());
        seen.put("scheme", request.getScheme());
        Map<String, Object> tls = tls(endPoint.getSslSessionData());
        if (tls != null) {
            seen.put("tls", tls);
        }
        seen.put("forwarded", fields(jetty, RequestInspection::isWrittenByProxies));
        seen.put("headers", fields(jetty, name -> true));
        SocketCounts counts = SocketCounts.of(http.getConnection());
        seen.put("requests", counts.requests());
        seen.put("bytes", bytes(counts));
        return seen;
    }

    /** The bytes of {@code counts}. */
    public static Map<String, Long> bytes(SocketCounts counts) {
        Map<String, Long> bytes = new LinkedHashMap<>();
        bytes.put("in", counts.bytesIn());
        bytes.put("out", counts.bytesOut());
        return bytes;
    }

    private static @Nullable Map<String, Object> tls(EndPoint.@Nullable SslSessionData data) {
        SSLSession session = data == null ? null : data.sslSession();
        if (session == null) {
            return null;
        }
        Map<String, Object> tls = new LinkedHashMap<>();
        tls.put("protocol", session.getProtocol());
        tls.put("cipher", session.getCipherSuite());
        return tls;
    }

    /** Address and port, as {@code 127.0.0.1:8080} or {@code [::1]:8080}; the address alone if a proxy named no port. */
    private static String text(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return String.valueOf(address);
        }
        return inet.getPort() == 0 ? NetUtil.toAddressString(inet.getAddress()) : NetUtil.toSocketAddressString(inet);
    }

    private static boolean isWrittenByProxies(String name) {
        return name.equals("forwarded")
                || name.startsWith("x-forwarded-")
                || name.equals("x-real-ip")
                || name.equals("via");
    }

    private static List<Map<String, String>> fields(ServletContextRequest request, Predicate<String> wanted) {
        return request.getHeaders().stream()
                .filter(field -> wanted.test(lowerCase(field)))
                .map(RequestInspection::field)
                .toList();
    }

    private static Map<String, String> field(HttpField field) {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("name", field.getName());
        shown.put("value", value(field));
        return shown;
    }

    private static String value(HttpField field) {
        String value = String.valueOf(field.getValue());
        if (SECRETS.contains(lowerCase(field))) {
            return HIDDEN;
        }
        return field.getHeader() == HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL
                ? TOKEN_PROTOCOL.matcher(value).replaceAll(RequestAccess.SUBPROTOCOL + HIDDEN)
                : value;
    }

    private static String lowerCase(HttpField field) {
        return field.getName().toLowerCase(Locale.ROOT);
    }
}
