package io.holdfast.probe.load;

import io.holdfast.probe.client.Client;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A load on one target.
 *
 * @param <R> the result
 */
public interface Load<R> {

    /**
     * Runs the load. May be called once.
     *
     * @param server asked for its metrics before and after the measurement; null if it has none
     * @param progress receives a line about the progress from time to time
     */
    R run(Client client, @Nullable Server server, Consumer<String> progress) throws InterruptedException;
}
