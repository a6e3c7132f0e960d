// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.connection.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Adds the node to structured logs. A node without a name gets one here already, as logging begins before there are beans.
 * Settings of the operator have precedence.
 */
class StructuredLogNode implements EnvironmentPostProcessor {

    private static final String NODE = "holdfast.node";
    private static final String STRUCTURED = "logging.structured.";
    private static final String ADDED = STRUCTURED + "json.add.";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> added = new LinkedHashMap<>();
        Stream.of("console", "file")
                .map(target -> environment.getProperty(STRUCTURED + "format." + target))
                .filter(Objects::nonNull)
                .forEach(format -> add(format, environment, added));
        if (!added.isEmpty()) {
            environment.getPropertySources().addLast(new MapPropertySource("structuredLogNode", added));
        }
    }

    private static void add(String format, ConfigurableEnvironment environment, Map<String, Object> added) {
        String node = environment.getProperty(NODE);
        if (node == null) {
            node = (String) added.computeIfAbsent(NODE, name -> Node.anyName());
        }
        switch (format) {
            // The format has a place for it.
            case "ecs" -> added.put(STRUCTURED + "ecs.service.node-name", node);
            // The names of additional fields begin so.
            case "gelf" -> added.put(ADDED + "_service_node_name", node);
            default -> {
                added.put(ADDED + "service.name", "${spring.application.name}");
                added.put(ADDED + "service.version", "${spring.application.version:}");
                added.put(ADDED + "service.node.name", node);
            }
        }
    }
}
