package io.holdfast.channel;

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
 * @param total bytes of data kept of all channels. Default: 256MB; over it, a channel that is published to drops its
 *     oldest messages
 * @param channels that exist at a time. Default: 10000. Over it, one without subscribers and messages is removed; if
 *     there is none, a new one is refused with {@code limit}, over HTTP with 503
 */
@ConfigurationProperties("holdfast.history")
public record HistoryProperties(
        @DefaultValue("1000") int messages,
        @DefaultValue("5m") Duration age,
        @DefaultValue("1MB") DataSize bytes,
        @DefaultValue("256MB") DataSize total,
        @DefaultValue("10000") int channels) {

    public HistoryProperties {
        check("messages", messages, messages >= 0, "a number from 0", "1000");
        check("age", age, !age.isNegative() && age.toDays() <= 365, "a duration from 0s to 365d", "5m");
        check("bytes", bytes, bytes.toBytes() >= 0, "a size from 0B", "1MB");
        check("total", total, total.toBytes() >= 0, "a size from 0B", "256MB");
        check("channels", channels, channels >= 1, "a number from 1", "10000");
    }

    private static void check(String name, Object value, boolean valid, String bounds, String example) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "holdfast.history." + name + ": " + value + " is not " + bounds + "; valid: " + example);
        }
    }
}
