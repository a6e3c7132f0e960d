// SPDX-License-Identifier: Apache-2.0
package io.holdfast.soak;

import io.holdfast.probe.result.Percentiles;
import io.holdfast.probe.result.Screen;
import io.holdfast.probe.result.Table;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The figures of one interval.
 *
 * @param at since the load began
 * @param heap bytes after a full collection
 * @param latency of all deliveries of the interval, from the moment a message was due until a subscriber had it
 */
record Sample(Duration at, long heap, long files, long threads, int connections, Percentiles latency) {

    private static final int WIDTH = 120;

    static void print(PrintWriter out, List<Sample> samples) {
        new Table<Sample>()
                .figure("after", sample -> sample.at().toSeconds() + " s")
                .figure("heap", sample -> String.format(Locale.ROOT, "%.1f MB", sample.heap() / 1048576.0))
                .figure("files", sample -> String.valueOf(sample.files()))
                .figure("threads", sample -> String.valueOf(sample.threads()))
                .figure("connections", sample -> String.valueOf(sample.connections()))
                .figure("deliveries", sample -> String.valueOf(sample.latency().count()))
                .times(Sample::latency)
                .print(new Screen(out, WIDTH, CommandLine.Help.defaultColorScheme(Ansi.OFF)), samples);
        out.flush();
    }

    static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
