// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import io.holdfast.delivery.HeartbeatSpec;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The heartbeats that a transport can send.
 *
 * @param usual the heartbeat that is sent if the client asks for no other
 * @param shortest interval that may be asked for
 */
public record HeartbeatFormats(Set<HeartbeatSpec.Kind> possible, HeartbeatSpec usual, Duration shortest) {

    /** A stream of events. */
    public static HeartbeatFormats ofEvents(Duration interval) {
        return new HeartbeatFormats(
                EnumSet.of(HeartbeatSpec.Kind.COMMENT, HeartbeatSpec.Kind.PING, HeartbeatSpec.Kind.DATA),
                new HeartbeatSpec(HeartbeatSpec.Kind.COMMENT, interval),
                Duration.ofMillis(1));
    }

    /** A stream of plain lines, which has no event that could be called a ping. */
    public static HeartbeatFormats ofText(Duration interval) {
        return new HeartbeatFormats(
                EnumSet.of(HeartbeatSpec.Kind.COMMENT, HeartbeatSpec.Kind.DATA),
                new HeartbeatSpec(HeartbeatSpec.Kind.COMMENT, interval),
                Duration.ofMillis(1));
    }

    /** A transport whose peers answer pings. */
    public static HeartbeatFormats withPings(Duration interval) {
        return new HeartbeatFormats(
                EnumSet.of(HeartbeatSpec.Kind.PING, HeartbeatSpec.Kind.DATA),
                new HeartbeatSpec(HeartbeatSpec.Kind.PING, interval),
                Duration.ofMillis(100));
    }

    String valid() {
        String kinds = possible.stream().map(FaultParameters::word).collect(Collectors.joining(", "));
        return "none, " + kinds + ", or a duration from " + shortest.toMillis() + "ms to 24h, as heartbeat=25s";
    }
}
