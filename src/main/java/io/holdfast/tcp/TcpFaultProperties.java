// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.connection.BadParameterException;
import io.holdfast.connection.ParameterValues;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.fault.FaultParameters;
import io.holdfast.fault.HeartbeatFormats;
import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fault of all connections of a listener. Each setting is written as the query parameter of its name; null for none.
 *
 * @param delay from 1ms to 1h: the time that each message is held back
 * @param jitter from 1ms to 1h: the most that is added to the delay, at random for each message
 * @param after when a connection is ended: a duration since it was opened, or a number of messages sent
 * @param end how it is ended: close, reset, stall, half-close or truncate; at once if {@code after} is not set
 * @param heartbeat none, ping, data or an interval; lines only, raw bytes have none
 * @param heartbeatInterval the time from one heartbeat to the next
 * @param pong none: the peer's pings are not answered; lines only
 */
record TcpFaultProperties(
        @Nullable String delay,
        @Nullable String jitter,
        @Nullable String after,
        @Nullable String end,
        @Nullable String heartbeat,
        @Nullable String heartbeatInterval,
        @Nullable String pong) {

    static final TcpFaultProperties NONE = new TcpFaultProperties(null, null, null, null, null, null, null);

    private static final Map<String, String> EXAMPLES = Map.of(
            "delay", "200ms",
            "jitter", "200ms",
            "after", "30s",
            "end", "reset",
            "heartbeat", "none",
            "heartbeat-interval", "5s",
            "pong", "none");

    /** An example that is written as in a query. */
    private static final Pattern QUERY = Pattern.compile(", as [a-z-]+=.*");

    /** For a check that does not depend on the service's heartbeat interval. */
    private static final Duration ANY_INTERVAL = Duration.ofSeconds(25);

    /** @throws InvalidSettingException as {@link #fault} */
    void check(String listener, TcpProperties.Protocol protocol) {
        fault(listener, protocol, ANY_INTERVAL);
    }

    /** @throws InvalidSettingException naming the property that cannot be used, its value and a valid one */
    ListenerFault fault(String listener, TcpProperties.Protocol protocol, Duration usualInterval) {
        Map<String, String> given = given();
        FaultParameters parameters = new FaultParameters(new ParameterValues(given::get));
        try {
            return switch (protocol) {
                case ECHO -> {
                    parameters.refuseHeartbeats();
                    yield new ListenerFault(parameters.fault(), HeartbeatSpec.NONE, true);
                }
                case LINES ->
                    new ListenerFault(
                            parameters.fault(),
                            parameters.heartbeat(HeartbeatFormats.withPings(usualInterval)),
                            parameters.answersPings());
            };
        } catch (BadParameterException e) {
            throw invalid(listener, e);
        }
    }

    private static InvalidSettingException invalid(String listener, BadParameterException parameter) {
        String name = "fault." + parameter.parameter();
        List<Example> examples = new ArrayList<>();
        String value = EXAMPLES.get(parameter.parameter());
        if (value != null && !value.equals(parameter.value())) {
            examples.add(new Example(TcpProperties.property(listener, name), value));
        }
        // The value may be right, but not with the other settings.
        examples.add(new Example(TcpProperties.property(listener, "protocol"), "lines"));
        examples.add(new Example(TcpProperties.property(listener, "fault.heartbeat"), "data"));
        return new InvalidSettingException(
                TcpProperties.property(listener, name),
                parameter.value(),
                "cannot be used; valid: " + QUERY.matcher(parameter.valid()).replaceFirst(""),
                examples);
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

    /** Written as a query; empty for no fault. */
    @Override
    public String toString() {
        return given().entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining("&"));
    }
}
