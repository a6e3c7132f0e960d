package io.holdfast.memory;

import java.util.List;
import org.springframework.stereotype.Component;

/** The parts of the memory budget. */
@Component
public final class MemoryBudget {

    private final MemoryPart receiving;

    MemoryBudget(MemoryProperties properties) {
        receiving = new MemoryPart("receiving", properties.receivingBytes());
    }

    /** All parts. */
    public List<MemoryPart> parts() {
        return List.of(receiving);
    }

    /** For what is being received. */
    public MemoryPart receiving() {
        return receiving;
    }
}
