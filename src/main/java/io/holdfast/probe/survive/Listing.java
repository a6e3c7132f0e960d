package io.holdfast.probe.survive;

import java.util.Set;

/**
 * The connections that a service holds open, by what they can be recognised by.
 *
 * @param names ids, labels, and transport and received bytes of echoes
 */
record Listing(Set<String> names) {

    /** How an echo without a label is recognised: by the unusual number of bytes it was sent. */
    static String echoed(String transport, long bytes) {
        return transport + " echo of " + bytes;
    }

    boolean has(String name) {
        return names.contains(name);
    }
}
