// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tracing;

import io.holdfast.channel.MessageTracing;
import io.holdfast.connection.Node;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Chooses who traces messages. No condition does: then the start could not use the beans that the build has generated. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    @Bean
    MessageTracing messageTracing(Environment environment, Node node, BuildProperties build) {
        Binder settings = Binder.get(environment);
        return OtlpSettings.hasCollector(settings)
                ? OpenTelemetryTracing.start(
                        OtlpSettings.all(settings), String.valueOf(build.getVersion()), node.name())
                : MessageTracing.NONE;
    }
}
