// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.time.WatchedThreads;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Status;

@HoldfastTest
class ThreadsHealthIndicatorTest {

    @Autowired
    List<WatchedThreads> threads;

    @Test
    void everyThreadOfTheServiceAnswers() {
        ThreadsHealthIndicator indicator = new ThreadsHealthIndicator(threads, System::nanoTime);

        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        assertThat(indicator.health().getDetails()).containsKeys("timers", "fan-out", "event-loop-1");
    }

    @Test
    void oneThatIsStuckIsNamedAndTheServiceIsDown() {
        WatchedThreads stuck = () -> Map.of("stuck", task -> {});
        ThreadsHealthIndicator indicator = new ThreadsHealthIndicator(
                Stream.concat(threads.stream(), Stream.of(stuck)).toList(), System::nanoTime);

        assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(indicator.health().getDetails())
                .containsEntry("stuck", "does not answer")
                .containsEntry("timers", "answers");
    }
}
