// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Access;
import io.holdfast.access.Action;
import io.holdfast.access.Principal;
import io.holdfast.jetty.RequestAccess;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;

/** Names a client that may observe to Spring Boot, which shows details of health to clients that have a name. */
final class ObserverFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient Access access;
    private final transient RequestAccess requests;

    ObserverFilter(Access access, RequestAccess requests) {
        this.access = access;
        this.requests = requests;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Principal principal = requests.known(ServletContextRequest.getServletContextRequest(request));
        chain.doFilter(
                access.allows(principal, Action.OBSERVE, null) ? new Named(request, principal) : request, response);
    }

    private static final class Named extends HttpServletRequestWrapper {

        private final Principal principal;

        Named(HttpServletRequest request, Principal principal) {
            super(request);
            this.principal = principal;
        }

        @Override
        public @Nullable String getRemoteUser() {
            return principal.name();
        }

        @Override
        public Principal getUserPrincipal() {
            return principal;
        }
    }
}
