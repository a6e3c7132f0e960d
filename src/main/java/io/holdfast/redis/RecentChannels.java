// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The most recently used channels of this node, up to a limit. Safe from any thread. */
final class RecentChannels {

    private static final float LOAD_FACTOR = 0.75f;

    private final Map<String, Boolean> names;

    RecentChannels(int most) {
        names = new LinkedHashMap<>(16, LOAD_FACTOR, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > most;
            }
        };
    }

    synchronized void used(String channel) {
        names.put(channel, true);
    }

    synchronized Collection<String> names() {
        return List.copyOf(names.keySet());
    }
}
