// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.jetty.HeaderList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.compression.DeflaterPool;

/**
 * Compresses the page, its modules and the actuator for clients that accept gzip (RFC 9110, section 12.5.3). Streams are
 * never compressed: their events would wait in the compressor, and each connection would keep one. What message endpoints
 * answer does not pass here.
 */
final class CompressedAnswers extends CompressionHandler {

    private static final List<String> TYPES = List.of(
            "text/html",
            "text/css",
            "text/javascript",
            "text/plain",
            // Prometheus' own type: a parameter is part of what is compared.
            "text/plain;version=0.0.4",
            "image/svg+xml",
            "application/json",
            "application/openmetrics-text",
            "application/openmetrics-text;version=1.0.0",
            "application/vnd.spring-boot.actuator.v3+json");

    /** Below it, a packet is a packet. */
    private static final int LEAST_BYTES = 1024;

    /** Compressors that are kept. Each has a quarter of a megabyte. */
    private static final int KEPT = 8;

    private static final HttpField VARY = new PreEncodedHttpField(HttpHeader.VARY, "Accept-Encoding");

    /** A coding with its weight (RFC 9110, section 12.4.2). */
    private static final Pattern CODING =
            Pattern.compile("(?<name>[^;\\s\"]+)\\s*(?:;\\s*q=(?:(?<zero>0(?:\\.0*)?)|[01](?:\\.[0-9]*)?))?");

    private final String contextPath;

    CompressedAnswers(Handler servlets, String contextPath) {
        super(servlets);
        this.contextPath = contextPath;
        GzipCompression gzip = new GzipCompression();
        gzip.setMinCompressSize(LEAST_BYTES);
        gzip.setDeflaterPool(new DeflaterPool(KEPT, -1, true));
        putCompression(gzip);
        CompressionConfig.Builder config =
                CompressionConfig.builder().compressIncludeMethod("GET").decompressExcludePath("/*");
        TYPES.forEach(config::compressIncludeMimeType);
        putConfiguration("/", config.build());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (isUpgradeOrStream(request)) {
            return getHandler().handle(request, response, callback);
        }
        HttpFields headers = request.getHeaders();
        // A part of a file is a part of the file as it is (RFC 9110, section 14.2).
        if (acceptsGzip(headers) && !headers.contains(HttpHeader.RANGE)) {
            return super.handle(request, response, callback);
        }
        response.getHeaders().ensureField(VARY);
        return getHandler().handle(request, response, callback);
    }

    private boolean isUpgradeOrStream(Request request) {
        String path = String.valueOf(request.getHttpURI().getCanonicalPath());
        return request.getHeaders().contains(HttpHeader.UPGRADE)
                || path.equals(contextPath + "/stream")
                || path.startsWith(contextPath + "/channels/");
    }

    /** Jetty does not see a weight of 0 beside {@code *}, and fails at what is no list of codings. */
    private static boolean acceptsGzip(HttpFields headers) {
        Map<String, Boolean> accepted = new HashMap<>();
        for (String coding : HeaderList.of(headers, HttpHeader.ACCEPT_ENCODING)) {
            Matcher parts = CODING.matcher(coding.toLowerCase(Locale.ROOT));
            if (!parts.matches()) {
                return false;
            }
            accepted.put(parts.group("name"), parts.group("zero") == null);
        }
        return accepted.getOrDefault("gzip", accepted.getOrDefault("*", false));
    }
}
