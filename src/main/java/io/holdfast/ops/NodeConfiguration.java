// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.connection.Node;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds the node's name to {@code /actuator/info} and to every meter. */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {

    private static final String NODE = "node";

    /** Tags all meters, so that a node's heap and its connections are found together. */
    @Bean
    MeterFilter nodeTag(Node node) {
        return MeterFilter.commonTags(Tags.of(NODE, node.name()));
    }

    @Bean
    InfoContributor nodeInfo(Node node) {
        return info -> info.withDetail(NODE, node.name());
    }
}
