// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.support.ChurnClient.Ending;
import io.holdfast.support.ChurnClient.Moment;
import io.holdfast.support.ChurnClient.Opening;
import io.holdfast.support.ChurnClient.Round;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/**
 * The classes of the service of which open connections have an instance each. They are found by opening some connections of
 * each kind, so that a new class is checked, too.
 */
public final class PerConnectionClasses {

    /**
     * A thread's stack, a selector's array of keys, a ring of a queue or a reused object may still refer to the last
     * connection that it worked for. Their number does not depend on that of the connections.
     */
    public static final int LAST_ONES = 5;

    private static final int EACH = 10;

    /**
     * Every open connection has one, but its number need not grow while connections are opened: a registry remembers those that
     * closed last, and that of a test before this one, with up to a thousand of them, may be collected meanwhile.
     */
    private static final String REMEMBERED_CLASS = Connection.class.getName();

    /** Some that have to be among them. Otherwise nothing would be checked after a class was renamed. */
    private static final List<String> KNOWN = List.of(
            "io.holdfast.delivery.Delivery",
            "io.holdfast.delivery.Heartbeat",
            "io.holdfast.delivery.IdleTimer",
            "io.holdfast.delivery.Outbox",
            "io.holdfast.delivery.ProgressDeadline",
            "io.holdfast.http.RequestHeadDeadline$Watch",
            "io.holdfast.http.Http1StreamConnection",
            "io.holdfast.http.Upload",
            "io.holdfast.session.ChannelSession",
            "io.holdfast.tcp.EchoConnection",
            "io.holdfast.tcp.LineConnection",
            "io.holdfast.time.Wheel$Timer",
            "io.holdfast.websocket.WebSocketConnection");

    private final Set<String> names;

    private PerConnectionClasses(Set<String> grown) {
        names = new TreeSet<>(grown);
        names.add(REMEMBERED_CLASS);
    }

    /**
     * Opens connections to find them, and ends the connections.
     *
     * @param histogram of the service's process
     */
    public static PerConnectionClasses find(Ports ports, Callable<ClassHistogram> histogram) throws Exception {
        ClassHistogram before = histogram.call();
        List<ChurnClient> clients = new ArrayList<>();
        try {
            open(clients, ports);
            PerConnectionClasses[] found = new PerConnectionClasses[1];
            // The service may not have handled yet what has just been sent.
            await().pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
                found[0] = new PerConnectionClasses(histogram.call().grownSince(before, EACH));
                assertThat(found[0].names).containsAll(KNOWN);
            });
            return found[0];
        } finally {
            for (ChurnClient client : clients) {
                client.end();
            }
        }
    }

    private static void open(List<ChurnClient> clients, Ports ports) throws IOException {
        for (Opening opening : Opening.values()) {
            // Messages that are published stay in the channel's history.
            if (opening != Opening.PUBLISH) {
                for (int i = 0; i < EACH; i++) {
                    clients.add(ChurnClient.open(new Round(opening, Moment.PART_SENT, Ending.RESET, i), ports));
                    clients.add(ChurnClient.open(
                            new Round(opening, opening.moments().getLast(), Ending.RESET, i), ports));
                }
            }
        }
    }

    public Set<String> names() {
        return names;
    }

    /**
     * Asserts that {@code after} has no more of each class than connections are listed, apart from {@link #LAST_ONES}, and from
     * those that closed last, which the service remembers.
     *
     * @param idle that of the service without connections: it has timers of its own
     */
    public void assertAtMost(int listed, ClassHistogram after, ClassHistogram idle) {
        Map<String, Long> left = new TreeMap<>();
        for (String name : names) {
            left.put(name, after.count(name) - idle.count(name));
        }
        assertThat(left)
                .allSatisfy((name, count) -> assertThat(count)
                        .as(name)
                        .isLessThanOrEqualTo(
                                listed + LAST_ONES + (name.equals(REMEMBERED_CLASS) ? Connections.REMEMBERED : 0)));
    }
}
