package io.holdfast.tcp;

import io.holdfast.fault.BadFaultException;
import io.holdfast.fault.Beat;
import io.holdfast.fault.Fault;
import io.holdfast.fault.Wishes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong on all connections of a listener; each setting as the query parameter of its name, and null for nothing.
 *
 * @param delay from 1ms to 1h: how much later everything leaves
 * @param jitter from 1ms to 1h: the most that is added to the delay at random, each time anew
 * @param after a duration since the connection was opened, or a number of messages sent: when it is cut
 * @param end close, reset, stall, half-close or truncate: how it is cut; at once if {@code after} is not set
 * @param heartbeat none, ping, data or an interval; lines only, raw bytes have none
 * @param heartbeatInterval from one sign of life to the next
 * @param pong none: no answer to the peer's pings; lines only
 */
record TcpFault(
        @Nullable String delay,
        @Nullable String jitter,
        @Nullable String after,
        @Nullable String end,
        @Nullable String heartbeat,
        @Nullable String heartbeatInterval,
        @Nullable String pong) {

    static final TcpFault NONE = new TcpFault(null, null, null, null, null, null, null);

    /** For what does not depend on the service's own. */
    private static final Duration ANY_HEARTBEAT = Duration.ofSeconds(25);

    /** @throws IllegalArgumentException as {@link #plan} */
    void check(String listener, TcpProperties.Protocol protocol) {
        plan(listener, protocol, ANY_HEARTBEAT);
    }

    /**
     * The same, understood.
     *
     * @param beat null for the usual pings
     * @param pongs whether pings are answered
     */
    record Plan(Fault fault, @Nullable Beat beat, boolean pongs) {}

    /** @throws IllegalArgumentException naming the listener's property that can't be used, its value and a valid one */
    Plan plan(String listener, TcpProperties.Protocol protocol, Duration usualHeartbeat) {
        Map<String, String> given = given();
        Wishes wishes = new Wishes(given::get);
        try {
            return switch (protocol) {
                case ECHO -> {
                    wishes.refuseLifeSigns();
                    yield new Plan(wishes.fault(), null, true);
                }
                case LINES ->
                    new Plan(wishes.fault(), wishes.beat(Wishes.Beats.withPings(usualHeartbeat)), wishes.pongs());
            };
        } catch (BadFaultException e) {
            throw new IllegalArgumentException(TcpProperties.property(listener, "fault." + e.parameter()) + ": "
                    + e.value() + " can't be used; valid: " + e.valid());
        }
    }

    private Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>();
        put(given, "delay", delay);
        put(given, "jitter", jitter);
        put(given, "after", after);
        put(given, "end", end);
        put(given, "heartbeat", heartbeat);
        put(given, "heartbeat-interval", heartbeatInterval);
        put(given, "pong", pong);
        return given;
    }

    private static void put(Map<String, String> given, String name, @Nullable String value) {
        if (value != null) {
            given.put(name, value);
        }
    }

    /** As a query would have it; empty for nothing. */
    @Override
    public String toString() {
        return given().entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining("&"));
    }
}
