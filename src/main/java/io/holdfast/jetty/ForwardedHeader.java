package io.holdfast.jetty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
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
            return headers.getValuesList(HttpHeader.X_FORWARDED_FOR).stream()
                    .flatMap(line -> Stream.of(line.split(",")))
                    .map(String::strip)
                    .filter(node -> !node.isEmpty())
                    .toList();
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
            List<String> nodes = new ArrayList<>();
            for (String element : elements(headers)) {
                String node = parameter(element, "for=");
                nodes.add(node == null ? "unknown" : node);
            }
            return nodes;
        }

        @Override
        @Nullable
        String proto(HttpFields headers) {
            List<String> elements = elements(headers);
            return elements.isEmpty() ? null : parameter(elements.getLast(), "proto=");
        }
    };

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

    private static List<String> elements(HttpFields headers) {
        List<String> lines = headers.getValuesList(HttpHeader.FORWARDED);
        return lines.isEmpty() ? List.of() : new QuotedCSV(true, lines.toArray(String[]::new)).getValues();
    }

    /** Null if the element has no such parameter, or quotation marks without an end. */
    private static @Nullable String parameter(String element, String start) {
        try {
            for (var parameters = PARAMETERS.tokenize(element); parameters.hasNext(); ) {
                String parameter = parameters.next();
                if (parameter.regionMatches(true, 0, start, 0, start.length())) {
                    return parameter.substring(start.length());
                }
            }
        } catch (IllegalArgumentException e) {
            // As if it were not there.
        }
        return null;
    }
}
