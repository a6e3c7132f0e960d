package io.holdfast.memory;

import io.holdfast.settings.Setting;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * How much memory all peers together may use. When a part is full, the request that needs more is refused.
 *
 * @param receiving bytes of bodies, messages and lines that have begun and are not complete, or not handled yet. Default:
 *     an eighth of the maximum heap. Over it a body is refused with 503, and a WebSocket or TCP connection is closed with
 *     1013.
 */
@ConfigurationProperties("holdfast.memory")
public record MemoryProperties(@Nullable DataSize receiving) {

    private static final int SHARE_OF_HEAP = 8;

    public MemoryProperties {
        if (receiving != null) {
            new Setting("holdfast.memory.receiving", "64MB").size(receiving, DataSize.ofKilobytes(64));
        }
    }

    long receivingBytes() {
        return receiving == null ? Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP : receiving.toBytes();
    }
}
