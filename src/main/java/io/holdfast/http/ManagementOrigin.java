// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.jetty.PageOrigin;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The page and the actuator, if that has a port of its own: the page is told where it is and may connect there, and only the
 * page of this service, from the same host, may read its answers. Cookies are not sent: a token is.
 */
@Component
final class ManagementOrigin {

    /** Methods and header fields that the page sends there. */
    private static final HttpField METHODS = new HttpField("Access-Control-Allow-Methods", "GET,DELETE");

    private static final HttpField HEADERS = new HttpField("Access-Control-Allow-Headers", "Authorization");

    /** What can stand in a header field of ours as it is. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

    private final Environment environment;
    private final boolean isServiceSecure;
    private final boolean isActuatorSecure;
    private final String path;

    ManagementOrigin(
            Environment environment,
            ServerProperties service,
            ObjectProvider<ManagementServerProperties> actuator,
            @Value("${management.server.base-path:}") String base,
            @Value("${management.endpoints.web.base-path:/actuator}") String path) {
        this.environment = environment;
        this.isServiceSecure = Ssl.isEnabled(service.getSsl());
        ManagementServerProperties apart = actuator.getIfAvailable();
        this.isActuatorSecure =
                Ssl.isEnabled(apart == null || apart.getSsl() == null ? service.getSsl() : apart.getSsl());
        this.path = base + path;
    }

    /** Tells the page where the actuator is, if that is another port than its own (RFC 8631, section 4.3). */
    void tell(Request request, HttpFields.Mutable answer) {
        String host = request.getHttpURI().getHost();
        Integer port = port("local.management.port");
        if (port == null
                || port.equals(port("local.server.port"))
                || host == null
                || !HOST.matcher(host).matches()) {
            return;
        }
        String origin = scheme(isActuatorSecure) + "://" + host + ":" + port;
        answer.put(SecurityHeaders.connectingTo(origin));
        answer.add(HttpHeader.LINK, "<" + origin + path + ">; rel=\"service-meta\"");
    }

    /** Whether a request to the actuator's port is one of the service's page. It is asked on the same host. */
    boolean isPage(Request request) {
        String origin = PageOrigin.of(request);
        Integer port = port("local.server.port");
        return origin != null
                && port != null
                && PageOrigin.isOwn(
                        origin,
                        HttpURI.build()
                                .scheme(scheme(isServiceSecure))
                                .host(request.getHttpURI().getHost())
                                .port(port));
    }

    /** Lets the page read the answer. */
    void allow(Request request, HttpFields.Mutable answer) {
        answer.put("Access-Control-Allow-Origin", PageOrigin.of(request));
        answer.add(HttpHeader.VARY, HttpHeader.ORIGIN.asString());
    }

    /** What the page may send, as the answer to the question of its browser; null if that does not ask. */
    HttpField @Nullable [] permission(Request request) {
        boolean asks =
                request.getMethod().equals("OPTIONS") && request.getHeaders().contains("Access-Control-Request-Method");
        return asks ? new HttpField[] {METHODS, HEADERS} : null;
    }

    private static String scheme(boolean isSecure) {
        return isSecure ? "https" : "http";
    }

    private @Nullable Integer port(String name) {
        return environment.getProperty(name, Integer.class);
    }
}
