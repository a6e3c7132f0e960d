// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.springframework.stereotype.Component;

/** Counters of all channels since the start. They are read when metrics are scraped. Any thread may count. */
@Component
public final class ChannelCounts {

    private final Map<String, LongAdder> published = new ConcurrentHashMap<>();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder resumed = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private volatile LongConsumer fanOut = nanos -> {};

    ChannelCounts() {}

    void published(String transport) {
        published.computeIfAbsent(transport, name -> new LongAdder()).increment();
    }

    void repeated() {
        repeated.increment();
    }

    void delivered(int messages) {
        delivered.add(messages);
    }

    void skipped(int messages) {
        skipped.add(messages);
    }

    void resumed() {
        resumed.increment();
    }

    void gap() {
        gaps.increment();
    }

    void fannedOut(long nanos) {
        fanOut.accept(nanos);
    }

    /** Messages published on this node, by a transport. */
    public long publishedBy(String transport) {
        LongAdder count = published.get(transport);
        return count == null ? 0 : count.sum();
    }

    /** Publishes that were answered with an earlier one's position. */
    public long repeats() {
        return repeated.sum();
    }

    /** Messages handed to subscribers, each counted for each of them. */
    public long deliveries() {
        return delivered.sum();
    }

    /** Messages that subscribers with the mode latest did not get. */
    public long skips() {
        return skipped.sum();
    }

    /** Subscriptions that resumed at the position that they asked for. */
    public long resumes() {
        return resumed.sum();
    }

    /** Subscriptions that were told of a gap. */
    public long gaps() {
        return gaps.sum();
    }

    /** Reports the duration of each round to all subscribers of a channel, in nanoseconds, to {@code observer}. */
    public void observeFanOut(LongConsumer observer) {
        fanOut = observer;
    }
}
