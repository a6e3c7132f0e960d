// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {

    @TempDir
    Path folder;

    /** As a shell does when the tabulator is pressed after {@code holdfast survive --up}. */
    @Test
    void aShellCompletesCommandsAndOptions() throws Exception {
        CommandRun generated = CommandRun.of("generate-completion");
        assertThat(generated.code()).isZero();
        Path script = Files.writeString(folder.resolve("completion"), generated.out());

        assertThat(completed(script, "holdfast", "sur")).contains("survive");
        assertThat(completed(script, "holdfast", "survive", "--up")).contains("--up-to");
    }

    private static String completed(Path script, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "--norc",
                "-c",
                "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\"; _complete_holdfast;"
                        + " echo \"${COMPREPLY[@]}\"",
                script.toString()));
        command.addAll(List.of(words));
        Process shell = new ProcessBuilder(command).redirectErrorStream(true).start();
        String reply = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(reply).isZero();
        return reply;
    }
}
