// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.settings.Setting;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much may wait for a peer that reads slowly; more closes it as a slow consumer.
 *
 * @param bytes queued for one connection. Default: 1MB
 * @param messages queued for one connection. Default: 1000
 */
@ConfigurationProperties("holdfast.outbox")
public record OutboxProperties(
        @DefaultValue("1MB") DataSize bytes,
        @DefaultValue("1000") int messages) {

    public OutboxProperties {
        new Setting("holdfast.outbox.bytes", "1MB").size(bytes, DataSize.ofKilobytes(1));
        new Setting("holdfast.outbox.messages", "1000").number(messages, 1, Integer.MAX_VALUE);
    }
}
