// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.channel.Broker;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One channel as an operator sees it.
 *
 * @param node the node that sees it so; others have other subscribers
 * @param position of the newest message
 * @param subscribers on this node
 * @param subscribersByTransport on this node, as {@code {"sse":3,"tcp":1}}
 * @param keptMessages messages that a subscriber can resume from
 * @param keptBytes bytes of their data
 * @param publishedPerSecond over the last minute, or as much of it as is kept
 */
record ChannelRow(
        String node,
        String channel,
        String position,
        int subscribers,
        Map<String, Integer> subscribersByTransport,
        int keptMessages,
        long keptBytes,
        double publishedPerSecond) {

    /** How each column sorts, by its name. */
    static final SequencedMap<String, Comparator<ChannelRow>> COLUMNS = columns();

    private static SequencedMap<String, Comparator<ChannelRow>> columns() {
        SequencedMap<String, Comparator<ChannelRow>> columns = new LinkedHashMap<>();
        columns.put("channel", Comparator.comparing(ChannelRow::channel));
        columns.put("subscribers", Comparator.comparingInt(ChannelRow::subscribers));
        columns.put("keptMessages", Comparator.comparingInt(ChannelRow::keptMessages));
        columns.put("keptBytes", Comparator.comparingLong(ChannelRow::keptBytes));
        columns.put("publishedPerSecond", Comparator.comparingDouble(ChannelRow::publishedPerSecond));
        return columns;
    }

    static ChannelRow of(String node, String channel, Broker.HistoryStats kept, Map<String, Integer> subscribers) {
        return new ChannelRow(
                node,
                channel,
                kept.head().toString(),
                subscribers.values().stream().mapToInt(Integer::intValue).sum(),
                subscribers,
                kept.messages(),
                kept.bytes(),
                Math.round(kept.perSecond() * 1000) / 1000.0);
    }
}
