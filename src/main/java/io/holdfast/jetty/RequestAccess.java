// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import io.holdfast.access.Access;
import io.holdfast.access.Action;
import io.holdfast.access.Authentication;
import io.holdfast.access.Authentication.Authenticated;
import io.holdfast.access.Authentication.Failed;
import io.holdfast.access.Denial;
import io.holdfast.access.DeniedException;
import io.holdfast.access.Locality;
import io.holdfast.access.Principal;
import io.holdfast.connection.OriginProperties;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds out who sends a request: by a bearer token, by a token among the subprotocols of a WebSocket, by a cookie, by a ticket,
 * by a client certificate, or by where the client is. Found once for each request. Safe from any thread; nothing blocks unless
 * it says so.
 */
@Component
public final class RequestAccess {

    /** What a subprotocol begins with that is a token. */
    public static final String SUBPROTOCOL = "bearer.";

    /** The parameter of a ticket. */
    public static final String TICKET = "ticket";

    private static final String FOUND = RequestAccess.class.getName();

    private static final String BEARER = "Bearer ";

    private static final String IN_QUERY = "A token in the query string is not accepted: logs keep URLs. Send it as"
            + " Authorization: Bearer, or get a ticket for one request: POST /tickets, then ?ticket=...";

    /** Names that others use for a token in the query. */
    private static final Set<String> QUERY_NAMES =
            Set.of("access_token", "token", "id_token", "jwt", "bearer", "authorization", "auth", "api_key", "apikey");

    /** What proxies add to a request, beside the headers whose names begin with {@link #FORWARDED}. */
    private static final Set<String> OF_PROXIES = Set.of(
            "forwarded",
            "via",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "fly-client-ip");

    private static final String FORWARDED = "x-forwarded-";

    private final Access access;
    private final OriginProperties origins;

    RequestAccess(Access access, OriginProperties origins) {
        this.access = access;
        this.origins = origins;
    }

    /** Who sent {@code request}. A token that is not accepted is a failure, and never counts as none. */
    public CompletionStage<Authentication> identify(Request request) {
        @SuppressWarnings("unchecked")
        CompletionStage<Authentication> found = (CompletionStage<Authentication>) request.getAttribute(FOUND);
        if (found == null) {
            found = find(request);
            request.setAttribute(FOUND, found);
        }
        return found;
    }

    /**
     * As {@link #identify}; waits for it.
     *
     * @throws DeniedException if the token is not accepted
     */
    public Principal principal(Request request) {
        return switch (identify(request).toCompletableFuture().join()) {
            case Authenticated(Principal principal) -> principal;
            case Failed(Denial denial) -> throw new DeniedException(denial);
        };
    }

    /** Who sent {@code request}, if that was asked already and is known; otherwise {@link Principal#NOBODY}. */
    public Principal known(Request request) {
        return request.getAttribute(FOUND) instanceof CompletionStage<?> found
                        && found.toCompletableFuture().getNow(null) instanceof Authenticated(Principal principal)
                ? principal
                : Principal.NOBODY;
    }

    /**
     * Lets a client ask for a fault that holds resources of the service only if it may. Waits if it was not identified.
     *
     * @throws DeniedException if it may not
     */
    public void checkFault(Request request, boolean holdsResources) {
        if (holdsResources) {
            access.require(principal(request), Action.TEST, null);
        }
    }

    private CompletionStage<Authentication> find(Request request) {
        boolean hasQuery = request.getHttpURI().getQuery() != null;
        List<String> bearers = bearers(request);
        if (!hasQuery && !request.getHeaders().contains(HttpHeader.COOKIE)) {
            // Nearly all requests.
            switch (bearers.size()) {
                case 0 -> {
                    return withoutToken(request);
                }
                case 1 -> {
                    return access.authenticate(bearers.getFirst());
                }
                default -> {
                    // Several tokens have to be the same.
                }
            }
        }
        return find(request, hasQuery ? query(request) : Fields.EMPTY, bearers);
    }

    private CompletionStage<Authentication> find(Request request, Fields query, List<String> bearers) {
        if (query.getNames().stream().anyMatch(QUERY_NAMES::contains)) {
            return done(access.badRequest(IN_QUERY));
        }
        List<String> tokens = new ArrayList<>(bearers);
        tokens.addAll(cookies(request));
        String ticket = query.getValue(TICKET);
        if (tokens.stream().distinct().count() > 1 || (ticket != null && !bearers.isEmpty())) {
            return done(
                    access.badRequest("The request has two tokens that differ. Valid: one, as Authorization: Bearer,"
                            + " as a subprotocol bearer.<token>, as the cookie " + Access.TOKEN_COOKIE
                            + ", or as a ticket."));
        }
        if (ticket != null) {
            return access.redeem(ticket);
        }
        if (tokens.isEmpty()) {
            return withoutToken(request);
        }
        boolean byCookie = bearers.isEmpty();
        return byCookie && isOfForeignPage(request)
                ? done(access.foreignPage())
                : access.authenticate(tokens.getFirst());
    }

    private static CompletionStage<Authentication> done(Authentication authentication) {
        return CompletableFuture.completedStage(authentication);
    }

    /** Whoever reads the parameters refuses a query that can't be decoded. */
    private static Fields query(Request request) {
        try {
            return Request.extractQueryParameters(request);
        } catch (IllegalStateException | IllegalArgumentException e) {
            return Fields.EMPTY;
        }
    }

    private static List<String> bearers(Request request) {
        List<String> tokens = List.of();
        boolean hasProtocols = false;
        for (HttpField field : request.getHeaders()) {
            HttpHeader header = field.getHeader();
            if (header == HttpHeader.AUTHORIZATION) {
                tokens = with(bearer(field.getValue()), tokens);
            } else {
                hasProtocols |= header == HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL;
            }
        }
        if (hasProtocols) {
            for (String protocol : HeaderList.of(request.getHeaders(), HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL)) {
                boolean isToken = protocol.startsWith(SUBPROTOCOL);
                tokens = with(isToken ? protocol.substring(SUBPROTOCOL.length()) : null, tokens);
            }
        }
        return tokens;
    }

    /** Another scheme is no token: a proxy in front may have credentials of its own. */
    private static @Nullable String bearer(@Nullable String value) {
        return value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? value.substring(BEARER.length()).strip()
                : null;
    }

    private static List<String> with(@Nullable String token, List<String> tokens) {
        if (token == null) {
            return tokens;
        }
        return tokens.isEmpty()
                ? List.of(token)
                : Stream.concat(tokens.stream(), Stream.of(token)).toList();
    }

    private static List<String> cookies(Request request) {
        if (!request.getHeaders().contains(HttpHeader.COOKIE)) {
            return List.of();
        }
        return Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(Access.TOKEN_COOKIE))
                .map(HttpCookie::getValue)
                .toList();
    }

    /** A browser sends a certificate as it sends a cookie: for a page of another site, too. */
    private CompletionStage<Authentication> withoutToken(Request request) {
        Principal owner = access.knowsCertificates() ? withCertificate(request) : null;
        if (owner != null) {
            return done(isOfForeignPage(request) ? access.foreignPage() : new Authenticated(owner));
        }
        return done(new Authenticated(
                access.withoutToken(access.trustsLocal() ? locality(request) : Locality.OTHER_ADDRESS)));
    }

    private boolean isOfForeignPage(Request request) {
        return RequestPage.of(request, origins) == RequestPage.FOREIGN;
    }

    private @Nullable Principal withCertificate(Request request) {
        EndPoint.SslSessionData data =
                request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
        SSLSession session = data == null ? null : data.sslSession();
        return session == null ? null : access.withCertificate(session);
    }

    /** Whether the client is on this machine. Whatever a proxy or a page of another site may have changed speaks against it. */
    private Locality locality(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        if (ProxiedEndPoint.is(endPoint)) {
            return Locality.PROXY;
        }
        if (!isLoopback(request.getConnectionMetaData().getRemoteSocketAddress())
                || !isLoopback(endPoint.getRemoteSocketAddress())) {
            return Locality.OTHER_ADDRESS;
        }
        if (!isLocalHost(request)) {
            return Locality.OTHER_HOST;
        }
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0) {
            return Locality.OLD_HTTP;
        }
        for (HttpField field : request.getHeaders()) {
            String name = field.getLowerCaseName();
            if (name.startsWith(FORWARDED) || OF_PROXIES.contains(name)) {
                return Locality.PROXY;
            }
        }
        return isOfForeignPage(request) ? Locality.FOREIGN_PAGE : Locality.LOCAL;
    }

    private static boolean isLoopback(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                && inet.getAddress() != null
                && inet.getAddress().isLoopbackAddress();
    }

    /** The target of a request can name another host than its header: both count. */
    private static boolean isLocalHost(Request request) {
        return LoopbackHost.is(request.getHttpURI().getHost())
                && request.getHeaders().getValuesList(HttpHeader.HOST).stream()
                        .allMatch(host -> LoopbackHost.is(withoutPort(host)));
    }

    private static String withoutPort(String host) {
        int port = host.lastIndexOf(':');
        return port > host.lastIndexOf(']') ? host.substring(0, port) : host;
    }
}
