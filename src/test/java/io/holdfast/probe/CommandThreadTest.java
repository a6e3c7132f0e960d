// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Program;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A thread that has run a command may do other work while the process ends, as writing the start cache. */
class CommandThreadTest {

    private static final String LEFT_ALONE = "not interrupted";

    /** Runs a command, and then waits for the end of the process. */
    static final class AfterCommand {

        private AfterCommand() {}

        public static void main(String[] arguments) {
            Commands.run(new String[] {"--version"});
            CountDownLatch interrupted = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> print(interrupted)));
            new Thread(() -> System.exit(Commands.WELL)).start();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }

        private static void print(CountDownLatch interrupted) {
            try {
                System.out.println(interrupted.await(1, TimeUnit.SECONDS) ? "interrupted" : LEFT_ALONE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void isNotInterruptedAfterItsCommand() throws IOException {
        try (Program program = Program.startJava(AfterCommand.class)) {
            assertThat(program.output().lines()).last().isEqualTo(LEFT_ALONE);
        }
    }
}
