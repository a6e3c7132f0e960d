package io.holdfast.redis;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The channels that this node used last, up to a number. Safe from any thread. */
final class Recent {

    private static final float LOAD_FACTOR = 0.75f;

    private final Map<String, Boolean> names;

    Recent(int most) {
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
