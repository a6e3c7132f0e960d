// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import io.holdfast.channel.TraceContext;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Publishes on a connection of its own, on any of the ways there are, one after the other. */
public abstract sealed class ChannelPublisher implements Closeable {

    /** How a publisher speaks. */
    public enum Way {
        HTTP,
        WEBSOCKET,
        TCP
    }

    private ChannelPublisher() {}

    public static ChannelPublisher open(Way way, Ports ports) throws IOException {
        return switch (way) {
            case HTTP -> new Http(ports.connect());
            case WEBSOCKET, TCP -> new Talking(JsonTalk.open(JsonTalk.Way.valueOf(way.name()), ports));
        };
    }

    /**
     * Publishes, and waits for the position.
     *
     * @param data JSON
     */
    public String publish(String channel, @Nullable String event, @Nullable String key, String data)
            throws IOException {
        return publish(channel, event, key, data, null);
    }

    /** As {@link #publish(String, String, String, String)}, as a part of a trace. */
    public abstract String publish(
            String channel, @Nullable String event, @Nullable String key, String data, @Nullable TraceContext trace)
            throws IOException;

    public String publish(String channel, String data) throws IOException {
        return publish(channel, null, null, data);
    }

    private static String position(JsonNode answer) throws IOException {
        JsonNode position = answer.get("position");
        if (position == null) {
            throw new IOException("not published: " + answer);
        }
        return position.stringValue();
    }

    /** A request for each, all on one connection. */
    static final class Http extends ChannelPublisher {

        private final TestSocket wire;

        Http(TestSocket wire) {
            this.wire = wire;
        }

        @Override
        public String publish(
                String channel, @Nullable String event, @Nullable String key, String data, @Nullable TraceContext trace)
                throws IOException {
            byte[] body = data.getBytes(StandardCharsets.UTF_8);
            String query = event == null ? "" : "?event=" + URLEncoder.encode(event, StandardCharsets.UTF_8);
            byte[] head = ("POST /channels/" + channel + query + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n"
                            + (key == null ? "" : "Idempotency-Key: " + key + "\r\n")
                            + (trace == null ? "" : "Traceparent: " + trace.traceparent() + "\r\n")
                            + (trace == null || trace.tracestate() == null
                                    ? ""
                                    : "Tracestate: " + trace.tracestate() + "\r\n")
                            + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] request = new byte[head.length + body.length];
            System.arraycopy(head, 0, request, 0, head.length);
            System.arraycopy(body, 0, request, head.length, body.length);
            wire.send(request);
            PlainRequest.Answer answer = PlainRequest.read(wire);
            if (answer.status() != 201) {
                throw new IOException(answer.toString());
            }
            return position(answer.json());
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    /** A command for each. */
    static final class Talking extends ChannelPublisher {

        private final JsonTalk talk;

        Talking(JsonTalk talk) {
            this.talk = talk;
        }

        @Override
        public String publish(
                String channel, @Nullable String event, @Nullable String key, String data, @Nullable TraceContext trace)
                throws IOException {
            talk.say("{\"type\":\"publish\",\"channel\":\"" + channel + "\"" + field("event", event) + field("key", key)
                    + field(TraceContext.TRACEPARENT, trace == null ? null : trace.traceparent())
                    + field(TraceContext.TRACESTATE, trace == null ? null : trace.tracestate())
                    + ",\"data\":" + data + "}");
            return position(talk.hear());
        }

        private static String field(String name, @Nullable String value) {
            return value == null ? "" : ",\"" + name + "\":\"" + Objects.requireNonNull(value) + "\"";
        }

        @Override
        public void close() throws IOException {
            talk.close();
        }
    }
}
