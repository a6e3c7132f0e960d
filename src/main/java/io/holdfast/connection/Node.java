package io.holdfast.connection;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** This node, among those that a client or an operator may meet. Safe from any thread. */
@Component
public final class Node {

    private static final Logger log = LoggerFactory.getLogger(Node.class);

    /** Base 32 without the letters that are taken for digits: Crockford's. */
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int LENGTH = 4;

    private final String name;

    Node(NodeProperties properties) {
        name = properties.node() == null ? anyName() : properties.node();
        log.info("This is node {}", name);
    }

    /** Not the host's: containers have long ones, and one that starts again would give its ids again. */
    private static String anyName() {
        return ThreadLocalRandom.current()
                .ints(LENGTH, 0, DIGITS.length())
                .mapToObj(digit -> String.valueOf(DIGITS.charAt(digit)))
                .collect(Collectors.joining());
    }

    public String name() {
        return name;
    }

    /** What a connection is called, here and on all other nodes. */
    String idOf(long number) {
        return "c-" + name + "-" + Long.toHexString(number);
    }
}
