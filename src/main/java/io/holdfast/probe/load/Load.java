// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import io.holdfast.probe.client.Client;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A load on one target.
 *
 * @param <R> the result
 */
public interface Load<R> {

    /** How long to wait for the last answers if the user ends the load. */
    Duration LAST_ANSWERS = Duration.ofSeconds(1);

    /**
     * Runs the load. May be called once. If the thread is interrupted, the result has what was measured until then.
     *
     * @param server asked for its metrics before and after the measurement; null if it has none
     * @param progress receives a line about the progress from time to time
     */
    R run(Client client, @Nullable Server server, Consumer<String> progress) throws InterruptedException;
}
