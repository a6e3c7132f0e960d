// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tracing;

import io.holdfast.channel.Draft;
import io.holdfast.channel.Message;
import io.holdfast.channel.MessageTracing;
import io.holdfast.channel.Published;
import io.holdfast.channel.TraceContext;
import io.holdfast.channel.UnavailableException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Spans of OpenTelemetry, named and described as its semantic conventions for messaging have it. They are queued, and sent by
 * a thread of the library; if the queue is full, they are dropped.
 *
 * <p>Their names are those of the operations alone: a service may have any number of channels.
 */
final class OpenTelemetryTracing implements MessageTracing, DisposableBean {

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> MESSAGE = AttributeKey.stringKey("messaging.message.id");
    private static final AttributeKey<Long> SIZE = AttributeKey.longKey("messaging.message.body.size");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> TRANSPORT = AttributeKey.stringKey("holdfast.transport");
    private static final AttributeKey<Boolean> REPEATED = AttributeKey.booleanKey("holdfast.repeated");
    private static final AttributeKey<Long> SUBSCRIBERS = AttributeKey.longKey("holdfast.subscribers");

    private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");
    private static final AttributeKey<String> SERVICE_VERSION = AttributeKey.stringKey("service.version");
    private static final AttributeKey<String> SERVICE_INSTANCE = AttributeKey.stringKey("service.instance.id");

    private static final String HOLDFAST = "holdfast";

    private static final Attributes PUBLISH = Attributes.of(SYSTEM, HOLDFAST, OPERATION, "publish", TYPE, "send");
    private static final Attributes FAN_OUT = Attributes.of(SYSTEM, HOLDFAST, OPERATION, "fan-out", TYPE, "process");

    /** How long the end of the service waits for spans to be sent. */
    private static final int LAST_SECONDS = 2;

    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<TraceContext> FIELDS = new TextMapGetter<>() {

        @Override
        public Iterable<String> keys(TraceContext trace) {
            return W3C.fields();
        }

        @Override
        public @Nullable String get(@Nullable TraceContext trace, String key) {
            if (trace == null) {
                return null;
            }
            return key.equals(TraceContext.TRACEPARENT) ? trace.traceparent() : trace.tracestate();
        }
    };

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;

    private OpenTelemetryTracing(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
        this.tracer = sdk.getTracer("io.holdfast");
    }

    /**
     * Starts the library.
     *
     * @param settings all that are set
     * @param version of the service
     * @param node its name, which no other one has
     */
    static OpenTelemetryTracing start(Map<String, String> settings, String version, String node) {
        return new OpenTelemetryTracing(AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> OtlpSettings.DEFAULTS)
                .addPropertiesCustomizer(own -> settings)
                .addResourceCustomizer((found, config) -> described(found, version, node))
                // Spring ends it, when nothing more can be published.
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk());
    }

    /** The library has a name for services without one. */
    private static Resource described(Resource found, String version, String node) {
        Resource all = Resource.create(Attributes.of(SERVICE_VERSION, version, SERVICE_INSTANCE, node))
                .merge(found);
        return Objects.equals(
                        all.getAttribute(SERVICE_NAME), Resource.getDefault().getAttribute(SERVICE_NAME))
                ? all.merge(Resource.create(Attributes.of(SERVICE_NAME, HOLDFAST)))
                : all;
    }

    @Override
    public void destroy() {
        sdk.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS);
    }

    private SpanBuilder span(
            SpanKind kind, Attributes operation, String channel, int size, @Nullable TraceContext trace) {
        SpanBuilder span = tracer.spanBuilder(String.valueOf(operation.get(OPERATION)))
                .setSpanKind(kind)
                .setAllAttributes(operation)
                .setAttribute(DESTINATION, channel)
                .setAttribute(SIZE, (long) size);
        return trace == null ? span.setNoParent() : span.setParent(W3C.extract(Context.root(), trace, FIELDS));
    }

    @Override
    public Publish publish(String channel, Draft draft, String transport) {
        return new PublishSpan(
                span(SpanKind.PRODUCER, PUBLISH, channel, draft.data().length(), draft.trace())
                        .setAttribute(TRANSPORT, transport)
                        .startSpan());
    }

    private record PublishSpan(Span span) implements Publish {

        @Override
        public TraceContext context() {
            Map<String, String> fields = new HashMap<>();
            W3C.inject(Context.root().with(span), fields, (same, name, value) -> fields.put(name, value));
            return new TraceContext(
                    fields.getOrDefault(TraceContext.TRACEPARENT, ""), fields.get(TraceContext.TRACESTATE));
        }

        @Override
        public void published(Published published) {
            span.setAttribute(MESSAGE, published.position().toString());
            if (published.repeated()) {
                span.setAttribute(REPEATED, true);
            }
            span.end();
        }

        @Override
        public void failed(UnavailableException cause) {
            span.setAttribute(ERROR, cause.code()).setStatus(StatusCode.ERROR, cause.sentence());
            span.end();
        }
    }

    /** A message without a trace context was published by a node that does not trace. */
    @Override
    public void fannedOut(List<Message> messages, int subscribers, long nanos) {
        Instant ended = Instant.now();
        Instant began = ended.minusNanos(nanos);
        for (Message message : messages) {
            if (message.trace() != null) {
                span(
                                SpanKind.CONSUMER,
                                FAN_OUT,
                                message.channel(),
                                message.data().length(),
                                message.trace())
                        .setAttribute(MESSAGE, message.position().toString())
                        .setAttribute(SUBSCRIBERS, (long) subscribers)
                        .setStartTimestamp(began)
                        .startSpan()
                        .end(ended);
            }
        }
    }
}
