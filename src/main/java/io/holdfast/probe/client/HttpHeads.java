// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Converts the heads of HTTP/2 that Netty does not convert: those of an extended CONNECT. */
final class HttpHeads {

    private HttpHeads() {}

    /** The request that opens a WebSocket. */
    static Http2Headers connect(Target.WebSocket target, HttpHeaders more) {
        Http2Headers headers = new DefaultHttp2Headers()
                .method("CONNECT")
                .scheme(target.url().getScheme())
                .authority(target.authority())
                .path(target.path());
        headers.set(Http2Headers.PseudoHeaderName.PROTOCOL.value(), "websocket");
        headers.set("sec-websocket-version", "13");
        more.forEach(header -> headers.set(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        return headers;
    }

    /** The head of a response; null for trailers. */
    static @Nullable Head of(Http2Headers headers) {
        CharSequence status = headers.status();
        if (status == null) {
            return null;
        }
        HttpHeaders fields = new DefaultHttpHeaders();
        headers.forEach(header -> {
            if (!Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(header.getKey())) {
                fields.add(header.getKey(), header.getValue());
            }
        });
        return new Head(Integer.parseInt(status.toString()), fields);
    }
}
