package io.holdfast.delivery;

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
        if (bytes.toBytes() < 1024) {
            throw new IllegalArgumentException("holdfast.outbox.bytes: " + bytes + " is under 1KB; valid: 1MB");
        }
        if (messages < 1) {
            throw new IllegalArgumentException("holdfast.outbox.messages: " + messages + " is under 1; valid: 1000");
        }
    }
}
