// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where channels are kept.
 *
 * @param broker in this node, or in Redis for all nodes that use the same one. Default: local
 */
@ConfigurationProperties("holdfast")
public record BrokerProperties(@DefaultValue("local") Kind broker) {

    /** The brokers. */
    public enum Kind {
        LOCAL,
        REDIS
    }
}
