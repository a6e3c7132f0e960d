package io.holdfast.probe.survive;

import java.util.Set;

/**
 * The open connections of a service, by what identifies them.
 *
 * @param names ids, labels, and for echoes the transport with the number of received bytes
 */
record Listing(Set<String> names) {

    /** Identifies an echo without a label by the number of bytes that it received. */
    static String echoed(String transport, long bytes) {
        return transport + " echo of " + bytes;
    }

    boolean has(String name) {
        return names.contains(name);
    }
}
