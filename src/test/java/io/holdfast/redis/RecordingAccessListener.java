// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.access.AccessStore;
import io.holdfast.access.Revocation;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Records what a store hands on. */
final class RecordingAccessListener implements AccessStore.Listener {

    private final AccessStore store;
    private final Set<Revocation> revocations = ConcurrentHashMap.newKeySet();
    private final Set<Revocation> beforeReady = ConcurrentHashMap.newKeySet();
    private final Queue<String> disconnected = new ConcurrentLinkedQueue<>();

    private RecordingAccessListener(AccessStore store) {
        this.store = store;
    }

    static RecordingAccessListener of(RedisNode node) {
        RecordingAccessListener listener = new RecordingAccessListener(node.accessStore());
        node.accessStore().listen(listener);
        return listener;
    }

    @Override
    public void revoked(Revocation revocation) {
        if (!store.isReady()) {
            beforeReady.add(revocation);
        }
        revocations.add(revocation);
    }

    @Override
    public void disconnected(String subject) {
        disconnected.add(subject);
    }

    Set<Revocation> revocations() {
        return Set.copyOf(revocations);
    }

    /** Those that were heard while the store was not ready. */
    Set<Revocation> beforeReady() {
        return Set.copyOf(beforeReady);
    }

    List<String> disconnected() {
        return List.copyOf(disconnected);
    }
}
