// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.channel.Encoding;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.TraceContext;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/** The events that are sent to clients: a JSON object each, without a line break. */
public final class Events {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private static final int MESSAGE_ENVELOPE = 160;

    /** A {@code message} event. */
    public static final Encoding MESSAGE = message -> ByteBuffer.wrap(bytes(message));

    /** A {@code message} event and a line feed. */
    public static final Encoding MESSAGE_LINE = message -> {
        ByteBuffer json = message.as(MESSAGE);
        return ByteBuffer.allocate(json.remaining() + 1)
                .put(json)
                .put((byte) '\n')
                .flip();
    };

    private Events() {}

    /** A time as all events write it: UTC, to the millisecond. */
    public static String time(Instant moment) {
        return TIME.format(moment);
    }

    private static byte[] bytes(Message message) {
        String event = message.event();
        String head = "{\"type\":\"message\",\"channel\":\"" + message.channel() + "\",\"position\":\""
                + message.position() + (event == null ? "\"" : "\",\"event\":" + quoted(event)) + ",\"data\":";
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.data().length() + MESSAGE_ENVELOPE);
        out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        message.data().writeTo(out);
        String tail = ",\"time\":\"" + time(message.time()) + "\"" + trace(message.trace()) + "}";
        out.writeBytes(tail.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static String trace(@Nullable TraceContext trace) {
        if (trace == null) {
            return "";
        }
        String state = trace.tracestate();
        return ",\"traceparent\":\"" + trace.traceparent() + "\""
                + (state == null ? "" : ",\"tracestate\":" + quoted(state));
    }

    /**
     * The first event.
     *
     * @param connection its id, as the server's lists show it
     * @param heartbeat the time from one heartbeat to the next; null for none
     */
    public static String welcome(String connection, @Nullable Duration heartbeat) {
        return welcome(connection, heartbeat, null);
    }

    /**
     * The first event, with what the server saw.
     *
     * @param inspect JSON; null for none
     */
    public static String welcome(String connection, @Nullable Duration heartbeat, @Nullable String inspect) {
        return "{\"type\":\"welcome\",\"connection\":\"" + connection + "\",\"heartbeat\":\""
                + (heartbeat == null ? "none" : seconds(heartbeat)) + "\""
                + (inspect == null ? "" : ",\"inspect\":" + inspect) + "}";
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    public static String subscribed(@Nullable JsonValue id, String channel, Position head, boolean resumed) {
        return "{\"type\":\"subscribed\"" + id(id) + ",\"channel\":\"" + channel + "\",\"position\":\"" + head
                + "\",\"resumed\":" + resumed + "}";
    }

    public static String gap(String channel, Position head) {
        return "{\"type\":\"gap\",\"channel\":\"" + channel + "\",\"position\":\"" + head + "\"}";
    }

    static String published(@Nullable JsonValue id, String channel, Position position) {
        return "{\"type\":\"published\"" + id(id) + ",\"channel\":\"" + channel + "\",\"position\":\"" + position
                + "\"}";
    }

    static String unsubscribed(@Nullable JsonValue id, String channel) {
        return "{\"type\":\"unsubscribed\"" + id(id) + ",\"channel\":\"" + channel + "\"}";
    }

    /** A subscription that the service ended. */
    public static String denied(String channel) {
        return "{\"type\":\"unsubscribed\",\"channel\":\"" + channel + "\",\"reason\":\"denied\"}";
    }

    /** The token by which the client is known ends soon. */
    public static String expiring(Instant expires) {
        return "{\"type\":\"expiring\",\"expires\":\"" + time(expires) + "\"}";
    }

    /** @param expires null for never */
    static String authenticated(@Nullable JsonValue id, String subject, @Nullable Instant expires) {
        return "{\"type\":\"authenticated\"" + id(id) + ",\"subject\":" + quoted(subject)
                + (expires == null ? "" : ",\"expires\":\"" + time(expires) + "\"") + "}";
    }

    static String pong(@Nullable JsonValue id) {
        return "{\"type\":\"pong\"" + id(id) + "}";
    }

    public static String ping() {
        return "{\"type\":\"ping\"}";
    }

    /** A heartbeat that is an event like any other. */
    public static String heartbeat() {
        return "{\"type\":\"heartbeat\"}";
    }

    public static String error(@Nullable JsonValue id, String code, String message) {
        return "{\"type\":\"error\"" + id(id) + ",\"code\":\"" + code + "\",\"message\":" + quoted(message) + "}";
    }

    private static String id(@Nullable JsonValue id) {
        return id == null ? "" : ",\"id\":" + id;
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }
}
