package io.holdfast.fault;

import io.holdfast.connection.CloseCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * Reads faults out of named values, as a query or settings have them. Every method throws a {@link BadFaultException} for
 * a value that can't be used.
 *
 * @param values by name; null for what was not given
 */
public record Wishes(Function<String, @Nullable String> values) {

    /** The names that any answer knows but one whose {@code after} is a position. */
    public static final List<String> OF_POLLS = List.of("delay", "jitter", "end", "status", "retry");

    public static final List<String> OF_ANSWERS = List.of("delay", "jitter", "after", "end", "status", "retry");
    public static final List<String> OF_STREAMS =
            List.of("heartbeat", "heartbeat-interval", "delay", "jitter", "after", "end", "status", "retry");

    private static final Duration LONGEST_LAG = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final long MOST_MESSAGES = 1_000_000_000_000_000L;
    private static final int LONGEST_REASON = 123;

    /** What a transport can do for a sign of life. */
    public record Beats(Set<Beat.Kind> able, Beat.Kind natural, Duration usual, Duration shortest) {

        /** All that a stream of events has. */
        public static Beats ofEvents(Duration usual) {
            return new Beats(
                    EnumSet.of(Beat.Kind.COMMENT, Beat.Kind.PING, Beat.Kind.DATA), Beat.Kind.COMMENT, usual, SHORTEST);
        }

        /** A stream of plain lines has no event to call a ping. */
        public static Beats ofText(Duration usual) {
            return new Beats(EnumSet.of(Beat.Kind.COMMENT, Beat.Kind.DATA), Beat.Kind.COMMENT, usual, SHORTEST);
        }

        /** What a transport has whose peers answer pings. */
        public static Beats withPings(Duration usual) {
            return new Beats(EnumSet.of(Beat.Kind.PING, Beat.Kind.DATA), Beat.Kind.PING, usual, Duration.ofMillis(100));
        }

        private String valid() {
            String kinds = able.stream().map(Wishes::word).collect(Collectors.joining(", "));
            String least = shortest.toMillis() + "ms";
            return "none, " + kinds + ", or a duration from " + least + " to 24h, as heartbeat=25s";
        }
    }

    public Fault fault() {
        return new Fault(new Lag(lag("delay"), lag("jitter")), cut());
    }

    private Duration lag(String name) {
        String text = values.apply(name);
        return text == null
                ? Duration.ZERO
                : duration(name, text, SHORTEST, LONGEST_LAG, "a duration from 1ms to 1h, as " + name + "=200ms");
    }

    private @Nullable Cut cut() {
        String after = values.apply("after");
        String end = values.apply("end");
        if (after == null && end == null) {
            refuse("code", "only with end=close, as end=close&code=4000");
            refuse("reason", "only with end=close, as end=close&reason=bye");
            return null;
        }
        End how = end == null ? End.CLOSE : end(end);
        if (how != End.CLOSE) {
            refuse("code", "only with end=close, as end=close&code=4000");
            refuse("reason", "only with end=close, as end=close&reason=bye");
        }
        return new Cut(after == null ? Moment.AT_ONCE : moment(after), how, code(), reason());
    }

    private void refuse(String name, String valid) {
        String text = values.apply(name);
        if (text != null) {
            throw new BadFaultException(name, text, valid);
        }
    }

    private static End end(String text) {
        for (End end : End.values()) {
            if (word(end).equals(text)) {
                return end;
            }
        }
        throw new BadFaultException(
                "end",
                text,
                List.of(End.values()).stream().map(Wishes::word).collect(Collectors.joining(", ")) + ", as end=reset");
    }

    private static Moment moment(String text) {
        String valid = "a duration from 1ms to 24h or a number of messages from 1, as after=30s or after=5";
        if (text.matches("\\d{1,16}")) {
            long count = Long.parseLong(text);
            if (count < 1 || count > MOST_MESSAGES) {
                throw new BadFaultException("after", text, valid);
            }
            return new Moment.Messages(count);
        }
        return new Moment.Time(duration("after", text, SHORTEST, LONGEST, valid));
    }

    private int code() {
        String text = values.apply("code");
        if (text == null) {
            return Cut.NORMAL;
        }
        if (text.matches("\\d{4}") && CloseCode.mayBeSent(Integer.parseInt(text))) {
            return Integer.parseInt(text);
        }
        throw new BadFaultException("code", text, CloseCode.VALID + ", as code=4000");
    }

    private String reason() {
        String text = Objects.requireNonNullElse(values.apply("reason"), "");
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_REASON) {
            throw new BadFaultException("reason", text, "at most " + LONGEST_REASON + " bytes of UTF-8, as reason=bye");
        }
        return text;
    }

    /** What was said of heartbeats; null if nothing was. */
    public @Nullable Beat beat(Beats transport) {
        String text = values.apply("heartbeat");
        String interval = values.apply("heartbeat-interval");
        if (text == null && interval == null) {
            return null;
        }
        Beat.Kind kind = text == null ? transport.natural() : kind(text);
        if (kind == null || kind == Beat.Kind.NONE) {
            refuse("heartbeat-interval", "only with a kind of heartbeat, as heartbeat=data&heartbeat-interval=5s");
        }
        if (kind == null) {
            return new Beat(
                    transport.natural(),
                    duration("heartbeat", String.valueOf(text), transport.shortest(), LONGEST, transport.valid()));
        }
        if (kind == Beat.Kind.NONE) {
            return Beat.NONE;
        }
        if (!transport.able().contains(kind)) {
            throw new BadFaultException("heartbeat", String.valueOf(text), transport.valid());
        }
        return new Beat(kind, interval == null ? transport.usual() : interval(interval, transport));
    }

    private static Duration interval(String text, Beats transport) {
        String valid = "a duration from " + transport.shortest().toMillis() + "ms to 24h, as heartbeat-interval=25s";
        return duration("heartbeat-interval", text, transport.shortest(), LONGEST, valid);
    }

    private static Beat.@Nullable Kind kind(String text) {
        for (Beat.Kind kind : Beat.Kind.values()) {
            if (word(kind).equals(text)) {
                return kind;
            }
        }
        return null;
    }

    /** Refuses signs of life and their answers, where there are none in any case. */
    public void refuseLifeSigns() {
        if (!"none".equals(values.apply("heartbeat"))) {
            refuse("heartbeat", "none, as raw bytes have no heartbeats; those of lines have");
        }
        refuse("heartbeat-interval", "only with lines, as raw bytes have no heartbeats");
        refuse("pong", "only with lines, as raw bytes have no pings");
    }

    /** Whether the peer's pings are to be answered. */
    public boolean pongs() {
        String text = values.apply("pong");
        if (text != null && !text.equals("none")) {
            throw new BadFaultException("pong", text, "none, as pong=none; without it pings are answered");
        }
        return text == null;
    }

    /** The error to answer with; null for none. */
    public @Nullable Refusal refusal() {
        String text = values.apply("status");
        if (text == null) {
            return null;
        }
        if (text.matches("[45]\\d\\d")) {
            return new Refusal(Integer.parseInt(text), retry());
        }
        throw new BadFaultException("status", text, "an error from 400 to 599, as status=503");
    }

    /** When to come back; null if that was not said. */
    public @Nullable Duration retry() {
        String text = values.apply("retry");
        return text == null
                ? null
                : duration("retry", text, SHORTEST, LONGEST, "a duration from 1ms to 24h, as retry=3s");
    }

    /** Refuses {@code retry} where it goes with nothing. */
    public void refuseRetry() {
        refuse("retry", "only with status, or in an event stream, as status=503&retry=3s");
    }

    /** Whether to tell what the server saw. */
    public boolean inspect() {
        String text = values.apply("inspect");
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw new BadFaultException("inspect", text, "true or false, as inspect=true");
        }
        return "true".equals(text);
    }

    private static Duration duration(String name, String text, Duration least, Duration most, String valid) {
        try {
            Duration duration = DurationStyle.detectAndParse(text);
            if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Told below, like a duration out of bounds.
        }
        throw new BadFaultException(name, text, valid);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
