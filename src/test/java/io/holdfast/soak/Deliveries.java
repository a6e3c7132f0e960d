// SPDX-License-Identifier: Apache-2.0
package io.holdfast.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.probe.result.Percentiles;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.TestSocket;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Publishes messages that carry the moment they were due at, and records when subscribers receive them. A message that is
 * published late counts with the time that it waited. {@link #publish} is for one thread, the rest is safe from any.
 */
final class Deliveries {

    private static final Pattern MOMENT = Pattern.compile("@(\\d+)@");

    private final String channel;
    private final ConcurrentHistogram latency =
            new ConcurrentHistogram(Duration.ofMinutes(1).toNanos(), 3);
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    Deliveries(String channel) {
        this.channel = channel;
    }

    /** @param due by {@link System#nanoTime} */
    void publish(TestSocket publisher, long due) throws IOException {
        String data = "@" + due + "@";
        publisher.send("POST /channels/" + channel + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + data.length()
                + "\r\n\r\n" + data);
        assertThat(PlainRequest.read(publisher).status()).isEqualTo(201);
        published.incrementAndGet();
    }

    /** A subscriber received something: a message, or what its protocol has besides. */
    void received(ByteBuf event) {
        Matcher moment = MOMENT.matcher(event.toString(StandardCharsets.UTF_8));
        if (moment.find()) {
            long nanos = System.nanoTime() - Long.parseLong(moment.group(1));
            latency.recordValue(Math.clamp(nanos, 0, latency.getHighestTrackableValue()));
            received.incrementAndGet();
        }
    }

    long published() {
        return published.get();
    }

    long received() {
        return received.get();
    }

    /** Of the deliveries since the last {@link #reset}. */
    Percentiles latency() {
        return Percentiles.of(latency.copy());
    }

    void reset() {
        latency.reset();
    }
}
