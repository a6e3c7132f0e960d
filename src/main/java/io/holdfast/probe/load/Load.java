package io.holdfast.probe.load;

import io.holdfast.probe.client.Client;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Load for one target, and what came of it.
 *
 * @param <R> the result
 */
public interface Load<R> {

    /**
     * Runs it, once.
     *
     * @param server asked before and after what counts; null if nobody tells
     * @param progress is told what is being waited for
     */
    R run(Client client, @Nullable Server server, Consumer<String> progress) throws InterruptedException;
}
