// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import io.holdfast.settings.Setting;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much history channels keep for subscribers that resume. Over a limit, the oldest messages are dropped. A
 * subscriber that asks for dropped ones is told of a gap.
 *
 * @param messages kept of one channel. Default: 1000
 * @param age up to which messages are kept. Default: 5m
 * @param bytes of data kept of one channel. Default: 1MB
 * @param channels that exist at a time. Default: 10000. Over it, one without subscribers and messages is removed; if
 *     there is none, a new one is refused with {@code limit}, over HTTP with 503
 */
@ConfigurationProperties("holdfast.history")
public record HistoryProperties(
        @DefaultValue("1000") int messages,
        @DefaultValue("5m") Duration age,
        @DefaultValue("1MB") DataSize bytes,
        @DefaultValue("10000") int channels) {

    public HistoryProperties {
        setting("messages", "1000").number(messages, 0, Integer.MAX_VALUE);
        setting("age", "5m").duration(age, Duration.ZERO, Duration.ofDays(365));
        setting("bytes", "1MB").size(bytes, DataSize.ofBytes(0));
        setting("channels", "10000").number(channels, 1, Integer.MAX_VALUE);
    }

    private static Setting setting(String name, String example) {
        return new Setting("holdfast.history." + name, example);
    }
}
