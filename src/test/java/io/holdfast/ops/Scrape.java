// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Our samples of one Prometheus scrape. */
record Scrape(Map<String, Double> samples) {

    static Scrape of(String text) {
        return new Scrape(text.lines()
                .filter(line -> line.startsWith("holdfast_"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        ((Function<String, String>) line -> line.substring(line.lastIndexOf(' ') + 1))
                                .andThen(Double::valueOf))));
    }

    double since(Scrape before, String name, String transport) {
        return difference(before, "holdfast_" + name + "{node=\"tested\",transport=\"" + transport + "\"}");
    }

    double since(Scrape before, String name, String transport, String direction) {
        return difference(
                before,
                "holdfast_" + name + "{direction=\"" + direction + "\",node=\"tested\",transport=\"" + transport
                        + "\"}");
    }

    private double difference(Scrape before, String sample) {
        Double now = samples.get(sample);
        Double then = before.samples.get(sample);
        if (now == null || then == null) {
            throw new AssertionError(sample + " is not among " + samples.keySet());
        }
        return now - then;
    }
}
