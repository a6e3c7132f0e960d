package io.holdfast.probe;

import io.holdfast.probe.survive.Plan;
import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a heartbeat: a duration, or {@code none}. */
final class Heartbeats implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        try {
            return text.equals("none") ? Plan.NO_HEARTBEAT : DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new TypeConversionException("'" + text + "' can't be used. Valid: none, or a duration, as 15s");
        }
    }
}
