// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import io.holdfast.connection.AddressRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedCSV;
import org.eclipse.jetty.util.QuotedStringTokenizer;
import org.jspecify.annotations.Nullable;

/** The headers in which a proxy names its client and the scheme that the client used. */
enum ForwardedHeader {
    /** {@code X-Forwarded-For}, a list of addresses, beside {@code X-Forwarded-Proto}. */
    X_FORWARDED_FOR {
        @Override
        List<String> nodes(HttpFields headers) {
            return HeaderList.of(headers, HttpHeader.X_FORWARDED_FOR);
        }

        @Override
        @Nullable
        String proto(HttpFields headers) {
            return headers.get(HttpHeader.X_FORWARDED_PROTO);
        }
    },
    /** {@code Forwarded} (RFC 7239, section 4). */
    FORWARDED {
        @Override
        List<String> nodes(HttpFields headers) {
            return elements(headers).stream().map(Element::node).toList();
        }

        @Override
        @Nullable
        String proto(HttpFields headers) {
            List<Element> elements = elements(headers);
            return elements.isEmpty() ? null : elements.getLast().proto();
        }
    };

    /** What one proxy wrote. */
    private record Element(String node, @Nullable String proto) {

        /** Of a line that cannot be read. */
        static final Element UNKNOWN = new Element("unknown", null);

        static Element of(String text) {
            String node = parameter(text, "for=");
            return new Element(node == null ? UNKNOWN.node() : node, parameter(text, "proto="));
        }
    }

    private static final QuotedStringTokenizer PARAMETERS = QuotedStringTokenizer.builder()
            .delimiters(";")
            .ignoreOptionalWhiteSpace()
            .allowEmbeddedQuotes()
            .build();

    /** An address, with a port or without (RFC 7239, section 6). */
    private static final Pattern NODE =
            Pattern.compile("(?:\\[(?<v6>[^]]+)]|(?<v4>[^:]+))(?::(?:(?<port>[0-9]{1,5})|_[A-Za-z0-9._-]+))?");

    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]+");
    private static final int MAX_PORT = 65_535;

    /** What each proxy wrote about its own client, the last one last. */
    abstract List<String> nodes(HttpFields headers);

    /** The scheme that the last proxy wrote; null if it wrote none. */
    abstract @Nullable String proto(HttpFields headers);

    /** As {@link #proto}; null also for anything but {@code http} and {@code https}. */
    @Nullable
    String scheme(HttpFields headers) {
        String proto = proto(headers);
        String scheme = proto == null ? "" : proto.toLowerCase(Locale.ROOT);
        return scheme.equals("http") || scheme.equals("https") ? scheme : null;
    }

    /** The address that {@code node} is, with port 0 if it has none; null if it is no address. */
    static @Nullable InetSocketAddress address(String node) {
        Matcher parts = NODE.matcher(node);
        boolean matches = parts.matches();
        String host = !matches ? node : parts.group("v6") == null ? parts.group("v4") : parts.group("v6");
        InetAddress address = ADDRESS.matcher(host).matches() ? AddressRange.address(host) : null;
        int port = matches && parts.group("port") != null ? Integer.parseInt(parts.group("port")) : 0;
        return address == null || port > MAX_PORT ? null : new InetSocketAddress(address, port);
    }

    private static List<Element> elements(HttpFields headers) {
        return headers.getValuesList(HttpHeader.FORWARDED).stream()
                .flatMap(ForwardedHeader::elements)
                .toList();
    }

    private static Stream<Element> elements(String line) {
        try {
            return new QuotedCSV(true, line).getValues().stream().map(Element::of).toList().stream();
        } catch (IllegalArgumentException e) {
            // Quotation marks without an end.
            return Stream.of(Element.UNKNOWN);
        }
    }

    private static @Nullable String parameter(String element, String start) {
        for (var parameters = PARAMETERS.tokenize(element); parameters.hasNext(); ) {
            String parameter = parameters.next();
            if (parameter.regionMatches(true, 0, start, 0, start.length())) {
                return parameter.substring(start.length());
            }
        }
        return null;
    }
}
