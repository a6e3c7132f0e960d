// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The origin of the page that sent a request, as its browser names it in {@code Origin} (RFC 6454, section 7). */
public final class PageOrigin {

    private static final Pattern VALID =
            Pattern.compile("null|(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<host>\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._~-]*)"
                    + "(?::(?<port>[0-9]{1,5}))?");

    private PageOrigin() {}

    /** The origin as it was sent; null if no page sent the request. Several headers are no valid origin. */
    public static @Nullable String of(Request request) {
        List<String> origins = request.getHeaders().getValuesList(HttpHeader.ORIGIN);
        return origins.isEmpty() ? null : String.join(", ", origins);
    }

    /** Whether {@code origin} is one, or {@code null} as browsers write it. */
    public static boolean isValid(String origin) {
        return VALID.matcher(origin).matches();
    }

    /** Whether the page is one of the service at {@code requested}. */
    public static boolean isOwn(String origin, HttpURI requested) {
        Matcher page = VALID.matcher(origin);
        if (!page.matches() || page.group("scheme") == null) {
            return false;
        }
        String port = page.group("port");
        return page.group("scheme").equalsIgnoreCase(requested.getScheme())
                && page.group("host").equalsIgnoreCase(requested.getHost())
                && port(requested.getScheme(), port == null ? -1 : Integer.parseInt(port))
                        == port(requested.getScheme(), requested.getPort());
    }

    private static int port(String scheme, int port) {
        return port > 0 ? port : scheme.toLowerCase(Locale.ROOT).equals("https") ? 443 : 80;
    }
}
