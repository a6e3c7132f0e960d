// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.probe.survive.Plan;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/** Parses a heartbeat: a duration, or {@code none}. */
final class Heartbeats implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        return text.equals("none") ? Plan.NO_HEARTBEAT : Durations.parse(text, "none, or a duration, as 15s");
    }
}
