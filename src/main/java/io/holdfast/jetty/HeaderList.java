// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The elements of a list header (RFC 9110, section 5.6.1) that has no quoted strings. Jetty's parser looks for them, and fails
 * at a quotation mark without an end.
 */
public final class HeaderList {

    private HeaderList() {}

    /** The elements of all lines of a header, in their order. */
    public static List<String> of(HttpFields headers, HttpHeader name) {
        return of(headers, name.asString());
    }

    /** As {@link #of(HttpFields, HttpHeader)}. */
    public static List<String> of(HttpFields headers, String name) {
        return headers.getValuesList(name).stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
    }
}
