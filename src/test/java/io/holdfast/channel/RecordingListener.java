// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Records what a broker announces. */
public final class RecordingListener implements Broker.Listener {

    private final Queue<Message> messages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger interruptions = new AtomicInteger();

    @Override
    public void announced(Message message) {
        messages.add(message);
    }

    @Override
    public void interrupted() {
        interruptions.incrementAndGet();
    }

    public List<Message> messages() {
        return List.copyOf(messages);
    }

    public List<String> texts() {
        return messages.stream().map(message -> message.data().text()).toList();
    }

    public List<Long> offsets() {
        return messages.stream().map(message -> message.position().offset()).toList();
    }

    public int interruptions() {
        return interruptions.get();
    }

    public void clear() {
        messages.clear();
    }

    public void awaits(List<Long> offsets) {
        await().untilAsserted(() -> assertThat(offsets()).isEqualTo(offsets));
    }
}
