package io.holdfast.session;

import io.holdfast.channel.Form;
import io.holdfast.channel.Json;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/** What is said to a client, as JSON: one object without a line break. */
public final class Events {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private static final int MESSAGE_ENVELOPE = 160;

    /** A {@code message} event. */
    public static final Form MESSAGE = message -> ByteBuffer.wrap(bytes(message));

    /** A {@code message} event and a line feed. */
    public static final Form MESSAGE_LINE = message -> {
        ByteBuffer json = message.as(MESSAGE);
        return ByteBuffer.allocate(json.remaining() + 1)
                .put(json)
                .put((byte) '\n')
                .flip();
    };

    private Events() {}

    /** A moment as all events have it: UTC, to the millisecond. */
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
        out.writeBytes((",\"time\":\"" + time(message.time()) + "\"}").getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /**
     * The first thing that is said.
     *
     * @param connection its id, as the server's lists have it
     * @param heartbeat from one sign of life to the next; null for none
     */
    public static String welcome(String connection, @Nullable Duration heartbeat) {
        return welcome(connection, heartbeat, null);
    }

    /**
     * The same, with what the server saw.
     *
     * @param inspect JSON; null for nothing
     */
    public static String welcome(String connection, @Nullable Duration heartbeat, @Nullable String inspect) {
        return "{\"type\":\"welcome\",\"connection\":\"" + connection + "\",\"heartbeat\":\""
                + (heartbeat == null ? "none" : seconds(heartbeat)) + "\""
                + (inspect == null ? "" : ",\"inspect\":" + inspect) + "}";
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    public static String subscribed(@Nullable Json id, String channel, Position head, boolean resumed) {
        return "{\"type\":\"subscribed\"" + id(id) + ",\"channel\":\"" + channel + "\",\"position\":\"" + head
                + "\",\"resumed\":" + resumed + "}";
    }

    public static String gap(String channel, Position head) {
        return "{\"type\":\"gap\",\"channel\":\"" + channel + "\",\"position\":\"" + head + "\"}";
    }

    static String published(@Nullable Json id, String channel, Position position) {
        return "{\"type\":\"published\"" + id(id) + ",\"channel\":\"" + channel + "\",\"position\":\"" + position
                + "\"}";
    }

    static String unsubscribed(@Nullable Json id, String channel) {
        return "{\"type\":\"unsubscribed\"" + id(id) + ",\"channel\":\"" + channel + "\"}";
    }

    static String pong(@Nullable Json id) {
        return "{\"type\":\"pong\"" + id(id) + "}";
    }

    public static String ping() {
        return "{\"type\":\"ping\"}";
    }

    /** A sign of life that is an event like any other. */
    public static String heartbeat() {
        return "{\"type\":\"heartbeat\"}";
    }

    public static String error(@Nullable Json id, String code, String message) {
        return "{\"type\":\"error\"" + id(id) + ",\"code\":\"" + code + "\",\"message\":" + quoted(message) + "}";
    }

    private static String id(@Nullable Json id) {
        return id == null ? "" : ",\"id\":" + id;
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }
}
