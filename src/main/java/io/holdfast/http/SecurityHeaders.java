// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;

/** What every answer tells a browser: take everything from here, and take nothing that is echoed for a page. */
final class SecurityHeaders {

    private static final String POLICY = "Content-Security-Policy";

    private static final List<HttpField> ALL = List.of(
            new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
            new PreEncodedHttpField(POLICY, "default-src 'self'; frame-ancestors 'none'"),
            new PreEncodedHttpField("Referrer-Policy", "no-referrer"));

    private static final HttpField OF_PAGE =
            new PreEncodedHttpField("Permissions-Policy", "camera=(), geolocation=(), microphone=()");

    private SecurityHeaders() {}

    static void put(HttpFields.Mutable answer) {
        ALL.forEach(answer::put);
    }

    /** The policy of a page that may also connect to another origin. */
    static HttpField connectingTo(String origin) {
        return new HttpField(POLICY, "default-src 'self'; connect-src 'self' " + origin + "; frame-ancestors 'none'");
    }

    /** What only a document heeds. */
    static void putOfPage(HttpFields.Mutable answer) {
        answer.put(OF_PAGE);
    }
}
