// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.Principal;
import io.holdfast.connection.Admission;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.ConnectionRequest;
import io.holdfast.connection.Connections;
import io.holdfast.connection.ParameterValues;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.Deliveries;
import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.DeliveryListener;
import io.holdfast.delivery.Framing;
import io.holdfast.delivery.Goodbye;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.support.ConnectionRoom;
import io.holdfast.support.RecordingWire;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A delivery with a fault, on a wire that the test controls. */
class FaultyOutboxTest {

    private final AnnotationConfigApplicationContext room = ConnectionRoom.open("holdfast.idle.tcp=1h");
    private final Timers timers = room.getBean(Timers.class);

    /** Timers of the rest of the application, as the broker's sweep. */
    private final long otherTimers = timers.pending();

    private final RecordingWire wire = new RecordingWire();

    private @Nullable Delivery opened;

    @AfterEach
    void closeRoom() {
        if (opened != null) {
            opened.closed(CloseReason.CLIENT);
        }
        room.close();
    }

    private Delivery open(String... pairs) {
        Map<String, String> given = new HashMap<>();
        for (String pair : pairs) {
            given.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        Fault fault = new FaultParameters(new ParameterValues(given::get)).fault();
        ConnectionRequest request = new ConnectionRequest(Transport.TCP, "test", null, null, Principal.NOBODY);
        Connection connection =
                ((Admission.Admitted) room.getBean(Connections.class).admit(request)).connection();
        Delivery delivery = room.getBean(Deliveries.class)
                .create(
                        connection,
                        wire,
                        new Letters(),
                        HeartbeatSpec.NONE,
                        room.getBean(Faults.class).decorator(fault),
                        new Nothing());
        delivery.open();
        opened = delivery;
        return delivery;
    }

    /** An event is its own text; the goodbye is the reason's. */
    private static final class Letters implements Framing {

        @Override
        public Pongs pongs() {
            return Pongs.NONE;
        }

        @Override
        public ByteBuffer payload(String event) {
            return bytes(event);
        }

        @Override
        public ByteBuffer[] frame(ByteBuffer payload) {
            return new ByteBuffer[] {payload};
        }

        @Override
        public ByteBuffer[] heartbeat(HeartbeatSpec.Kind kind, long sentAt) {
            return frame(bytes("heartbeat"));
        }

        @Override
        public ByteBuffer[] goodbye(Goodbye goodbye) {
            return frame(bytes("bye " + goodbye.reason().tag()));
        }
    }

    private static final class Nothing implements DeliveryListener {

        @Override
        public void opened(Delivery delivery) {}

        @Override
        public void closed() {}
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitNoTimers() {
        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(timers.pending()).isLessThanOrEqualTo(otherTimers));
    }

    @ParameterizedTest
    @ValueSource(strings = {"delay=1h", "after=1h", "end=stall", "end=half-close", "end=truncate"})
    void aClosedConnectionLeavesNoTimer(String fault) {
        Delivery delivery = open(fault);
        delivery.append(bytes("hello"));
        delivery.flush();
        assertThat(timers.pending()).isGreaterThan(otherTimers);

        delivery.closed(CloseReason.CLIENT);

        awaitNoTimers();
        assertThat(delivery.queuedBytes()).isZero();
    }

    @Test
    void aConnectionThatEndsBeforeItsForcedEndLeavesNoTimer() {
        Delivery delivery = open("after=1h", "end=reset");

        delivery.append(bytes("hello"));
        delivery.connection().close(CloseReason.COMPLETED);
        delivery.closed(CloseReason.CLIENT);

        awaitNoTimers();
        assertThat(wire.events()).containsExactly("hello", "bye completed", "shutdown");
        assertThat(delivery.connection().reason()).isEqualTo(CloseReason.COMPLETED);
    }

    @Test
    void theForcedEndWaitsUntilTheSocketHasTakenTheLastMessage() {
        wire.slow();
        Delivery delivery = open("after=2", "end=reset");
        delivery.append(bytes("one"));
        delivery.append(bytes("two"));
        delivery.append(bytes("three"));
        delivery.flush();
        assertThat(wire.events()).containsExactly("one", "two");

        wire.finish();

        await().untilAsserted(() -> assertThat(wire.events()).containsExactly("one", "two", "reset"));
        assertThat(delivery.connection().reason()).isEqualTo(CloseReason.FAULT);
    }

    @Test
    void partsDoNotCountAsMessages() {
        Delivery delivery = open("after=1", "end=reset");
        delivery.appendPart(bytes("ping"));
        delivery.appendPart(bytes("half a "));
        delivery.append(bytes("message"));
        delivery.append(bytes("another"));
        delivery.flush();

        await().untilAsserted(() -> assertThat(wire.events()).containsExactly("ping", "half a ", "message", "reset"));
    }

    @ParameterizedTest
    @CsvSource({"close, bye fault", "half-close, shutdown"})
    void whatIsHeldBackLeavesBeforeAnOrderlyEnd(String end, String expected) {
        Delivery delivery = open("delay=1h", "after=100ms", "end=" + end);
        delivery.append(bytes("held"));
        delivery.flush();

        await().untilAsserted(() -> assertThat(wire.events()).startsWith("held", expected));
    }

    @ParameterizedTest
    @CsvSource({"reset, reset", "stall, pause"})
    void whatIsHeldBackIsLostWithAnAbruptEnd(String end, String expected) {
        Delivery delivery = open("delay=1h", "after=100ms", "end=" + end);
        delivery.append(bytes("lost"));
        delivery.flush();

        await().untilAsserted(() -> assertThat(wire.events()).containsExactly(expected));
        assertThat(delivery.queuedBytes()).isZero();
    }

    @Test
    void halfOfTheNextMessageIsSentAndThenAFin() {
        Delivery delivery = open("after=1", "end=truncate");
        delivery.append(bytes("whole"));
        delivery.append(bytes("12345678"));
        delivery.append(bytes("never"));
        delivery.flush();

        await().untilAsserted(() -> assertThat(wire.events()).containsExactly("whole", "1234", "shutdown", "close"));
        assertThat(delivery.connection().reason()).isEqualTo(CloseReason.FAULT);
    }

    @Test
    void anOperatorEndsAStalledConnection() {
        Delivery delivery = open("end=stall");

        delivery.connection().close(CloseReason.KICKED);

        assertThat(wire.events()).containsExactly("pause", "close");
    }

    @Test
    void aPeerThatEndsItsSideEndsAStalledConnection() {
        Delivery delivery = open("end=stall");

        delivery.inputEnded();

        assertThat(wire.events()).containsExactly("pause", "close");
    }

    @Test
    void whatIsHeldBackCountsAsWaiting() {
        Delivery delivery = open("delay=1h");
        delivery.append(bytes("x".repeat(2 << 20)));

        assertThat(delivery.queuedBytes()).isEqualTo(2 << 20);
        assertThat(delivery.hasRoom()).isFalse();
        delivery.flush();

        assertThat(delivery.connection().reason()).isEqualTo(CloseReason.SLOW_CONSUMER);
        delivery.closed(CloseReason.CLIENT);
    }
}
