// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What happened since the start, counted by transport and reason. Safe from any thread. */
public class TransportCounts<R extends Enum<R>> {

    private final Map<Transport, Map<R, LongAdder>> counts = new EnumMap<>(Transport.class);

    TransportCounts(Class<R> reasons) {
        for (Transport transport : Transport.values()) {
            Map<R, LongAdder> ofTransport = new EnumMap<>(reasons);
            for (R reason : reasons.getEnumConstants()) {
                ofTransport.put(reason, new LongAdder());
            }
            counts.put(transport, ofTransport);
        }
    }

    /** It happened once more. */
    public final void count(Transport transport, R reason) {
        of(transport, reason).increment();
    }

    /** How often it happened since the start. */
    public final long sum(Transport transport, R reason) {
        return of(transport, reason).sum();
    }

    private LongAdder of(Transport transport, R reason) {
        return Objects.requireNonNull(
                Objects.requireNonNull(counts.get(transport)).get(reason));
    }
}
