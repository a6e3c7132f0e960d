// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import io.holdfast.connection.BadParameterException;
import io.holdfast.connection.CloseCode;
import io.holdfast.connection.ParameterValues;
import io.holdfast.delivery.HeartbeatSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads faults and heartbeats out of parameters. Every method throws a {@link BadParameterException} for a value that
 * cannot be used.
 */
public record FaultParameters(ParameterValues values) {

    /** The parameters of a poll, whose {@code after} is a position. */
    public static final List<String> OF_POLLS = List.of("delay", "jitter", "end", "status", "retry");

    /** The parameters of a request with one answer. */
    public static final List<String> OF_ANSWERS = List.of("delay", "jitter", "after", "end", "status", "retry");

    /** The parameters of a stream. */
    public static final List<String> OF_STREAMS =
            List.of("heartbeat", "heartbeat-interval", "delay", "jitter", "after", "end", "status", "retry");

    /** The parameters of a WebSocket. */
    public static final List<String> OF_WEBSOCKETS = List.of(
            "heartbeat",
            "heartbeat-interval",
            "pong",
            "delay",
            "jitter",
            "after",
            "end",
            "code",
            "reason",
            "status",
            "retry",
            "inspect");

    private static final Duration LONGEST_DELAY = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long MOST_MESSAGES = 1_000_000_000_000_000L;
    private static final int LONGEST_REASON = 123;

    /** The fault that was asked for; {@link Fault#NONE} if none was. */
    public Fault fault() {
        return new Fault(new Delay(delay("delay"), delay("jitter")), forcedEnd());
    }

    private Duration delay(String name) {
        return Objects.requireNonNullElse(
                values.duration(name, LONGEST_DELAY, "a duration from 1ms to 1h, as " + name + "=200ms"),
                Duration.ZERO);
    }

    private @Nullable ForcedEnd forcedEnd() {
        String after = values.text("after");
        String end = values.text("end");
        if (after == null && end == null) {
            refuseCloseFrame();
            return null;
        }
        EndMode mode = end == null ? EndMode.CLOSE : mode(end);
        if (mode != EndMode.CLOSE) {
            refuseCloseFrame();
        }
        return new ForcedEnd(after == null ? Trigger.AT_ONCE : trigger(after), mode, code(), reason());
    }

    private void refuseCloseFrame() {
        values.refuse("code", "only with end=close, as end=close&code=4000");
        values.refuse("reason", "only with end=close, as end=close&reason=bye");
    }

    private static EndMode mode(String text) {
        for (EndMode mode : EndMode.values()) {
            if (word(mode).equals(text)) {
                return mode;
            }
        }
        String valid = Stream.of(EndMode.values()).map(FaultParameters::word).collect(Collectors.joining(", "));
        throw new BadParameterException("end", text, valid + ", as end=reset");
    }

    private static Trigger trigger(String text) {
        String valid = "a duration from 1ms to 24h or a number of messages from 1, as after=30s or after=5";
        if (text.matches("\\d{1,16}")) {
            long count = Long.parseLong(text);
            if (count < 1 || count > MOST_MESSAGES) {
                throw new BadParameterException("after", text, valid);
            }
            return new Trigger.Messages(count);
        }
        return new Trigger.Time(ParameterValues.duration("after", text, ParameterValues.SHORTEST, LONGEST, valid));
    }

    private int code() {
        String text = values.text("code");
        if (text == null) {
            return ForcedEnd.NORMAL;
        }
        if (text.matches("\\d{4}") && CloseCode.mayBeSent(Integer.parseInt(text))) {
            return Integer.parseInt(text);
        }
        throw new BadParameterException("code", text, CloseCode.VALID + ", as code=4000");
    }

    private String reason() {
        String text = Objects.requireNonNullElse(values.text("reason"), "");
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_REASON) {
            throw new BadParameterException(
                    "reason", text, "at most " + LONGEST_REASON + " bytes of UTF-8, as reason=bye");
        }
        return text;
    }

    /** The heartbeats that were asked for, or the usual ones. */
    public HeartbeatSpec heartbeat(HeartbeatFormats formats) {
        String text = values.text("heartbeat");
        String interval = values.text("heartbeat-interval");
        if (text == null && interval == null) {
            return formats.usual();
        }
        HeartbeatSpec.Kind kind = text == null ? formats.usual().kind() : kind(text);
        if (kind == null || kind == HeartbeatSpec.Kind.NONE) {
            values.refuse(
                    "heartbeat-interval", "only with a kind of heartbeat, as heartbeat=data&heartbeat-interval=5s");
        }
        if (kind == null) {
            return new HeartbeatSpec(
                    formats.usual().kind(),
                    ParameterValues.duration(
                            "heartbeat", String.valueOf(text), formats.shortest(), LONGEST, formats.valid()));
        }
        if (kind == HeartbeatSpec.Kind.NONE) {
            return HeartbeatSpec.NONE;
        }
        if (!formats.possible().contains(kind)) {
            throw new BadParameterException("heartbeat", String.valueOf(text), formats.valid());
        }
        return interval == null
                ? new HeartbeatSpec(kind, formats.usual().interval())
                : new HeartbeatSpec(kind, interval(interval, formats.shortest()));
    }

    private static Duration interval(String text, Duration shortest) {
        String valid = "a duration from " + shortest.toMillis() + "ms to 24h, as heartbeat-interval=25s";
        return ParameterValues.duration("heartbeat-interval", text, shortest, LONGEST, valid);
    }

    private static HeartbeatSpec.@Nullable Kind kind(String text) {
        for (HeartbeatSpec.Kind kind : HeartbeatSpec.Kind.values()) {
            if (word(kind).equals(text)) {
                return kind;
            }
        }
        return null;
    }

    /** Refuses heartbeats and the answers to pings, for a protocol that has neither. */
    public void refuseHeartbeats() {
        if (!"none".equals(values.text("heartbeat"))) {
            values.refuse("heartbeat", "none, as raw bytes have no heartbeats; those of lines have");
        }
        values.refuse("heartbeat-interval", "only with lines, as raw bytes have no heartbeats");
        values.refuse("pong", "only with lines, as raw bytes have no pings");
    }

    /** Whether the peer's pings are answered. */
    public boolean answersPings() {
        String text = values.text("pong");
        if (text != null && !text.equals("none")) {
            throw new BadParameterException("pong", text, "none, as pong=none; without it pings are answered");
        }
        return text == null;
    }

    /** The error to answer with; null for none. */
    public @Nullable Refusal refusal() {
        String text = values.text("status");
        if (text == null) {
            return null;
        }
        if (text.matches("[45]\\d\\d")) {
            return new Refusal(Integer.parseInt(text), retry());
        }
        throw new BadParameterException("status", text, "an error from 400 to 599, as status=503");
    }

    /** When the client should come back; null if that was not asked for. */
    public @Nullable Duration retry() {
        return values.duration("retry", LONGEST, "a duration from 1ms to 24h, as retry=3s");
    }

    /** Refuses {@code retry}, for an answer that has no place for it. */
    public void refuseRetry() {
        values.refuse("retry", "only with status, or in an event stream, as status=503&retry=3s");
    }

    /** Whether the welcome shows what the server saw of the request. */
    public boolean inspect() {
        String text = values.text("inspect");
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw new BadParameterException("inspect", text, "true or false, as inspect=true");
        }
        return "true".equals(text);
    }

    /** An enum constant as parameters write it. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
