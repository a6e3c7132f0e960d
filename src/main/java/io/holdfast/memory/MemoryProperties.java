// SPDX-License-Identifier: Apache-2.0
package io.holdfast.memory;

import io.holdfast.settings.Setting;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * How much memory all peers together may use.
 *
 * @param receiving bytes of bodies, messages and lines that have begun and are not complete, or not handled yet. Default:
 *     an eighth of the maximum heap. Over it a body is refused with 503, and a WebSocket or TCP connection is closed with
 *     1013.
 * @param sending bytes that wait to be sent to all peers; those that several connections share are counted once. Default:
 *     an eighth of the maximum heap. Over it the connections with the longest queues are closed as slow consumers.
 * @param history bytes of the histories of all channels on this node: data, names, keys, encoded forms and objects.
 *     Default: a quarter of the maximum heap. Over it the largest channels drop their oldest messages.
 */
@ConfigurationProperties("holdfast.memory")
public record MemoryProperties(
        @Nullable DataSize receiving,
        @Nullable DataSize sending,
        @Nullable DataSize history) {

    private static final DataSize LEAST = DataSize.ofKilobytes(64);

    public MemoryProperties {
        check("receiving", receiving);
        check("sending", sending);
        check("history", history);
    }

    private static void check(String name, @Nullable DataSize size) {
        if (size != null) {
            new Setting("holdfast.memory." + name, "64MB").size(size, LEAST);
        }
    }

    long receivingBytes() {
        return bytes(receiving, 8);
    }

    long sendingBytes() {
        return bytes(sending, 8);
    }

    long historyBytes() {
        return bytes(history, 4);
    }

    private static long bytes(@Nullable DataSize size, int shareOfHeap) {
        return size == null ? Runtime.getRuntime().maxMemory() / shareOfHeap : size.toBytes();
    }
}
