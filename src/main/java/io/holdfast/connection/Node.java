// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** This node of the service. Safe from any thread. */
@Component
public final class Node {

    /** Crockford's base 32: without letters that look like digits. */
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int LENGTH = 4;

    private final String name;

    Node(NodeProperties properties) {
        name = properties.node() == null ? anyName() : properties.node();
    }

    /** A name for a node without one. Not the host's name: containers have long ones, and a restarted node would use its ids again. */
    public static String anyName() {
        return ThreadLocalRandom.current()
                .ints(LENGTH, 0, DIGITS.length())
                .mapToObj(digit -> String.valueOf(DIGITS.charAt(digit)))
                .collect(Collectors.joining());
    }

    public String name() {
        return name;
    }

    /** The number of the connection with an id; null if it is none of this node. */
    @Nullable
    Long numberOf(String id) {
        String prefix = "c-" + name + "-";
        if (!id.startsWith(prefix)) {
            return null;
        }
        try {
            long number = Long.parseLong(id.substring(prefix.length()), 16);
            return idOf(number).equals(id) ? (Long) number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The id of a connection, unique among all nodes. */
    String idOf(long number) {
        return "c-" + name + "-" + Long.toHexString(number);
    }
}
