package io.holdfast.http;

import io.holdfast.connection.Connections;
import io.holdfast.delivery.Deliveries;
import io.holdfast.delivery.ProgressDeadline;
import io.holdfast.memory.MemoryPart;
import java.util.function.LongSupplier;
import org.springframework.stereotype.Component;

/** What all requests with a body share. */
@Component
final class Uploads {

    private final Connections connections;
    private final Deliveries deliveries;

    Uploads(Connections connections, Deliveries deliveries) {
        this.connections = connections;
        this.deliveries = deliveries;
    }

    Connections connections() {
        return connections;
    }

    MemoryPart memory() {
        return deliveries.receiving();
    }

    ProgressDeadline deadline(LongSupplier received, Runnable tooSlow) {
        return deliveries.progressDeadline(received, () -> false, tooSlow);
    }
}
