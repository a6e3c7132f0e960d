// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tracing;

import static io.holdfast.support.Waiting.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** Receives spans as a collector of OpenTelemetry does: OTLP over HTTP, with protobuf. Safe from any thread. */
final class Collector implements AutoCloseable {

    private static final HexFormat HEX = HexFormat.of();

    private final HttpServer server;
    private final Queue<Received> spans = new ConcurrentLinkedQueue<>();

    /** A span, and what describes the process that it is of. */
    record Received(Span span, Map<String, String> resource) {

        String id() {
            return HEX.formatHex(span.getSpanId().toByteArray());
        }

        String trace() {
            return HEX.formatHex(span.getTraceId().toByteArray());
        }

        /** Empty for the first of a trace. */
        String parent() {
            return HEX.formatHex(span.getParentSpanId().toByteArray());
        }

        Map<String, String> attributes() {
            return texts(span.getAttributesList());
        }
    }

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream body = zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
            for (ResourceSpans of : ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
                Map<String, String> resource = texts(of.getResource().getAttributesList());
                of.getScopeSpansList()
                        .forEach(
                                scope -> scope.getSpansList().forEach(span -> spans.add(new Received(span, resource))));
            }
            byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
        }
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, one -> text(one.getValue())));
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> String.valueOf(value.getIntValue());
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            default -> value.toString();
        };
    }

    /** The spans of a trace with a name, once there are this many. */
    List<Received> awaitSpans(String trace, String name, int count) {
        await("spans " + name).until(() -> of(trace, name).size() >= count);
        return of(trace, name);
    }

    private List<Received> of(String trace, String name) {
        return spans.stream()
                .filter(one -> one.trace().equals(trace) && one.span().getName().equals(name))
                .toList();
    }

    List<Received> all() {
        return List.copyOf(spans);
    }

    /** Nobody listens there any more. */
    void goAway() {
        server.stop(0);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
