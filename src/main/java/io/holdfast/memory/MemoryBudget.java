// SPDX-License-Identifier: Apache-2.0
package io.holdfast.memory;

import java.util.List;
import org.springframework.stereotype.Component;

/** The parts of the memory budget. */
@Component
public final class MemoryBudget {

    private final MemoryPart receiving;
    private final MemoryPart sending;
    private final MemoryPart history;

    public MemoryBudget(MemoryProperties properties) {
        receiving = new MemoryPart("receiving", properties.receivingBytes());
        sending = new MemoryPart("sending", properties.sendingBytes());
        history = new MemoryPart("history", properties.historyBytes());
    }

    /** All parts. */
    public List<MemoryPart> parts() {
        return List.of(receiving, sending, history);
    }

    /** For what is being received. */
    public MemoryPart receiving() {
        return receiving;
    }

    /** For what waits to be sent. */
    public MemoryPart sending() {
        return sending;
    }

    /** For the histories of channels. */
    public MemoryPart history() {
        return history;
    }
}
