// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a duration with a unit. Without one, a person means seconds, and Spring milliseconds: it is asked for. */
final class Durations implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        return parse(text, "a duration, as 500ms, 3s, 2m or 1h");
    }

    static Duration parse(String text, String valid) {
        if (text.matches("\\d*[1-9]\\d*")) {
            throw new TypeConversionException("'" + text + "' has no unit. Valid: " + text + "s, or " + text + "ms, "
                    + text + "m or " + text + "h");
        }
        try {
            return DurationStyle.detectAndParse(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new TypeConversionException("'" + text + "' can't be used. Valid: " + valid);
        }
    }
}
