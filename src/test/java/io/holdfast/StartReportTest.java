// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ServiceProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartReportTest {

    @Test
    void theLogOfAStartHasTheAddressFirstAndFewLines() throws Exception {
        try (ServiceProcess service = ServiceProcess.start("--management.server.port=0", "--holdfast.node=web-1")) {
            List<String> told = service.log()
                    .lines()
                    .filter(line -> line.contains(" INFO "))
                    .map(line -> line.replaceFirst(".* : ", ""))
                    .toList();

            assertThat(told)
                    .hasSizeLessThanOrEqualTo(5)
                    .startsWith(
                            "Holdfast is ready on http://localhost:" + service.http() + "/ (node web-1)",
                            "Ports: HTTP " + service.http() + ", actuator " + service.management() + "; TCP echo "
                                    + service.ports().tcpEcho() + ", lines "
                                    + service.ports().tcpLines());
            assertThat(service.log()).doesNotContain("event loop", "0:0:0:0", "NONE");
        }
    }
}
