// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The script that measures the table "Scaling" of the documentation. */
@EnabledOnOs(OS.LINUX)
class ScalingIT {

    private static final String SCRIPT = "src/scripts/scaling";
    private static final Path DISTRIBUTION = Path.of(System.getProperty("holdfast.distribution", "target/holdfast"));

    @Test
    void measuresARow() throws Exception {
        Process script = start("--quick", "connections=100");
        String table = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(script.waitFor()).isZero();
        assertThat(table)
                .startsWith("| Axis | Connections |")
                .containsPattern("\\n\\| connections \\| 100 \\| 1 \\| 128 B \\| 1 \\| [^|]+ \\| 100 "
                        + "\\| [0-9.]+ µs \\| – \\| [0-9]+ MB \\|\\n")
                .contains(" s of load, for 2 s.");
    }

    @Test
    void stopsTheServiceWhenItIsStoppedItself() throws Exception {
        Process script = start("connections=100");
        try {
            await().untilAsserted(() -> assertThat(services(script)).hasSize(1));
            List<ProcessHandle> services = services(script);
            script.destroy();

            assertThat(script.waitFor()).isEqualTo(143);
            assertThat(services).noneMatch(ProcessHandle::isAlive);
        } finally {
            script.destroy();
        }
    }

    private static List<ProcessHandle> services(Process script) {
        return script.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .toList();
    }

    private static Process start(String... arguments) throws IOException {
        Program.requireOnPath("python3");
        List<String> command = new ArrayList<>(List.of("python3", SCRIPT, "--distribution", DISTRIBUTION.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }
}
