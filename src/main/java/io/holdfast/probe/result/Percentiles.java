// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.result;

import java.util.Locale;
import org.HdrHistogram.AbstractHistogram;

/** Percentiles of a histogram of nanoseconds, in microseconds; all 0 if nothing was recorded. */
public record Percentiles(long count, double p50, double p90, double p99, double p999, double max) {

    public static Percentiles of(AbstractHistogram nanos) {
        return new Percentiles(
                nanos.getTotalCount(),
                micros(nanos, 50),
                micros(nanos, 90),
                micros(nanos, 99),
                micros(nanos, 99.9),
                nanos.getMaxValue() / 1e3);
    }

    private static double micros(AbstractHistogram nanos, double percentile) {
        return nanos.getTotalCount() == 0 ? 0 : nanos.getValueAtPercentile(percentile) / 1e3;
    }

    /** A time with three digits and a unit. */
    public static String text(double micros) {
        double value = micros < 1e3 ? micros : micros < 1e6 ? micros / 1e3 : micros / 1e6;
        String unit = micros < 1e3 ? "µs" : micros < 1e6 ? "ms" : "s";
        int digits = value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + digits + "f %s", value, unit);
    }
}
