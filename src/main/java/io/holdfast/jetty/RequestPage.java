// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import io.holdfast.connection.OriginProperties;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Which page made a browser send a request. */
public enum RequestPage {
    /** None, or one of this service. */
    OWN,
    /** One of an origin that the settings name. That any origin may connect gives its pages no user's rights. */
    ALLOWED,
    /** One of another site. */
    FOREIGN;

    private static final String MARK = RequestPage.class.getName();

    private static final String FETCH_SITE = "Sec-Fetch-Site";

    /** The page of {@code request}. */
    public static RequestPage of(Request request, OriginProperties origins) {
        String origin = PageOrigin.of(request);
        if (origin != null) {
            if (request.getAttribute(MARK) != null || PageOrigin.isOwn(origin, request.getHttpURI())) {
                return OWN;
            }
            return PageOrigin.isValid(origin) && origins.lists(origin) ? ALLOWED : FOREIGN;
        }
        // Not all requests of a page have its origin: a link or an image has not.
        return isOwnSite(request.getHeaders().get(FETCH_SITE)) ? OWN : FOREIGN;
    }

    /** The page of {@code request} is one of this service, though it came from another port of it. */
    public static void markOwn(Request request) {
        request.setAttribute(MARK, true);
    }

    /** Other clients than browsers send no such header; {@code none} is an address that a user typed. */
    private static boolean isOwnSite(@Nullable String site) {
        return site == null || site.equals("same-origin") || site.equals("none");
    }
}
