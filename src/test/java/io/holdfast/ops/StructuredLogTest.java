// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.PlainRequest;
import io.holdfast.support.ServiceProcess;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Each line of a structured log is a JSON object that names the node, whatever the format. */
class StructuredLogTest {

    private static List<JsonNode> lines(ServiceProcess service) {
        return service.log().lines().map(PlainRequest::json).toList();
    }

    /** With the flags of every start, without which the JVM prints warnings; also one about the archive of the tests' starts. */
    private static ServiceProcess start(String... settings) throws Exception {
        return ServiceProcess.start(
                List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xlog:cds=off"),
                settings);
    }

    @ParameterizedTest
    @CsvSource({
        "ecs, /service/name, /service/node/name, /message",
        "logstash, /service.name, /service.node.name, /message",
        "gelf, /host, /_service_node_name, /short_message"
    })
    void eachLineNamesTheServiceAndTheNode(String format, String name, String node, String message) throws Exception {
        try (ServiceProcess service = start("--holdfast.node=web-1", "--logging.structured.format.console=" + format)) {

            assertThat(lines(service)).hasSizeGreaterThan(1).allSatisfy(line -> {
                assertThat(line.at(name).asString("")).isEqualTo("holdfast");
                assertThat(line.at(node).asString("")).isEqualTo("web-1");
                assertThat(line.at(message).asString("")).isNotEmpty();
            });
        }
    }

    @Test
    void nodeWithoutANameHasTheSameOneInItsLogAndElsewhere() throws Exception {
        try (ServiceProcess service = start("--logging.structured.format.console=ecs")) {
            String node = PlainRequest.get(service.http(), "/actuator/info")
                    .json()
                    .path("node")
                    .asString("");

            assertThat(node).isNotEmpty();
            assertThat(lines(service))
                    .extracting(line -> line.at("/service/node/name").asString(""))
                    .containsOnly(node);
        }
    }

    @Test
    void whatTheOperatorSetsHasPrecedence() throws Exception {
        try (ServiceProcess service = start(
                "--holdfast.node=web-1",
                "--logging.structured.format.console=logstash",
                "--logging.structured.json.add.service.name=push",
                "--logging.structured.json.add.team=realtime")) {

            assertThat(lines(service)).isNotEmpty().allSatisfy(line -> {
                assertThat(line.path("service.name").asString("")).isEqualTo("push");
                assertThat(line.path("team").asString("")).isEqualTo("realtime");
                assertThat(line.path("service.node.name").asString("")).isEqualTo("web-1");
            });
        }
    }
}
