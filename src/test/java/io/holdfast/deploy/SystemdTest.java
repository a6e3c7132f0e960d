// SPDX-License-Identifier: Apache-2.0
package io.holdfast.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.deploy.DeployFiles.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.convert.DurationStyle;

/** The unit, as far as systemd can tell without starting it. */
class SystemdTest {

    private static final String PROGRAM = "/opt/holdfast/bin/holdfast";

    /** In tenths. A unit without any hardening has 96, one without DynamicUser, or without a filter of system calls, over 20. */
    private static final int MOST_EXPOSED = 17;

    @TempDir
    Path folder;

    private Path unit = Path.of("");

    @BeforeEach
    void putTheProgramWhereItIsHere() throws IOException {
        String program = Path.of("src/main/launcher/holdfast").toAbsolutePath().toString();
        unit = folder.resolve("holdfast.service");
        Files.writeString(unit, DeployFiles.read("systemd/holdfast.service").replace(PROGRAM, program));
    }

    @Test
    void unitHasOnlyWhatSystemdKnows() throws Exception {
        assertThat(DeployFiles.run("systemd-analyze", "verify", unit.toString()))
                .isEqualTo(new Ended(0, ""));
    }

    @Test
    void unitIsHardened() throws Exception {
        Ended ended = DeployFiles.run(
                "systemd-analyze",
                "security",
                "--offline=true",
                "--no-pager",
                "--threshold=" + MOST_EXPOSED,
                unit.toString());

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("Overall exposure level");
    }

    @Test
    void limitsFitTheService() throws IOException {
        Map<String, String> settings = DeployFiles.read("systemd/holdfast.service")
                .lines()
                .filter(line -> line.matches("\\w+=.*"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> line.substring(line.indexOf('=') + 1),
                        (first, second) -> second));

        assertThat(DurationStyle.detectAndParse(settings.getOrDefault("TimeoutStopSec", "")))
                .isGreaterThanOrEqualTo(DeployFiles.usualDrainWindow().plus(DeployFiles.END));
        // As operations.md and the start log have it for the default of holdfast.limits.connections.
        assertThat(settings).containsEntry("LimitNOFILE", "20000").containsEntry("ExecStart", PROGRAM);
    }
}
