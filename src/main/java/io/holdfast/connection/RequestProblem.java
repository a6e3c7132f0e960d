// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** The answers to requests of which a part cannot be used (RFC 9457): the part, its value, and what is valid. */
public final class RequestProblem {

    private static final int MAX_SHOWN = 100;

    private RequestProblem() {}

    /**
     * The problem of a header.
     *
     * @param value as the peer sent it; null if it sent none, or if it is not known
     * @param valid the values that are accepted, with an example; not a whole sentence
     */
    public static ProblemDetail header(HttpStatusCode status, String name, @Nullable String value, String valid) {
        return of(status, "Header '" + name + "'", name, value, valid);
    }

    /** As {@link #header}, for a parameter of the query, whose name is the peer's, too. */
    static ProblemDetail parameter(HttpStatusCode status, String name, String value, String valid) {
        return of(status, "Parameter '" + shown(name) + "'", shown(name), value, valid);
    }

    /**
     * As {@link #header}, for a part that a request has once.
     *
     * @param name as {@code method}
     */
    public static ProblemDetail part(HttpStatusCode status, String name, @Nullable String value, String valid) {
        return of(status, "The request's " + name, name, value, valid);
    }

    private static ProblemDetail of(
            HttpStatusCode status, String subject, String name, @Nullable String value, String valid) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(status, subject + " can't be used. Valid: " + valid + ".");
        problem.setProperty("parameter", name);
        if (value != null) {
            problem.setProperty("value", shown(value));
        }
        problem.setProperty("valid", valid);
        return problem;
    }

    private static String shown(String text) {
        return text.codePointCount(0, text.length()) <= MAX_SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_SHOWN)) + "…";
    }
}
