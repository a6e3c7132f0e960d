package io.holdfast.fault;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Outbox;
import io.holdfast.connection.OutboxProperties;
import io.holdfast.support.ConnectionRoom;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** An outbox by itself, with a socket that takes what the test lets it take. */
class FaultyOutboxTest {

    private final AnnotationConfigApplicationContext room = ConnectionRoom.open("holdfast.idle.tcp=1h");
    private final Timers timers = room.getBean(Timers.class);
    private final List<String> said = new CopyOnWriteArrayList<>();
    private volatile @Nullable Callback stuck;
    private volatile boolean full;

    @AfterEach
    void closeRoom() {
        room.close();
    }

    private final class Side implements Exit, Outbox.Listener {

        @Override
        public void ending() {}

        @Override
        public void close(Cut cut) {
            said.add("close");
        }

        @Override
        public void reset() {
            said.add("reset");
        }

        @Override
        public void stall() {
            said.add("stall");
        }

        @Override
        public void halfClose() {
            said.add("half-close");
        }

        @Override
        public void abort() {
            said.add("abort");
        }

        @Override
        public void drained() {}

        @Override
        public void failed(Throwable cause) {}
    }

    private FaultyOutbox open(String... pairs) {
        Map<String, String> given = new HashMap<>();
        for (String pair : pairs) {
            given.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        Side side = new Side();
        FaultyOutbox outbox = new FaultyOutbox(
                new Wishes(given::get).fault(),
                room.getBean(LifeSigns.class),
                this::write,
                new ArrayByteBufferPool(),
                room.getBean(OutboxProperties.class),
                side,
                side);
        outbox.start();
        return outbox;
    }

    private void write(Callback done, ByteBuffer... batch) {
        for (ByteBuffer bytes : batch) {
            said.add(StandardCharsets.UTF_8.decode(bytes).toString());
        }
        if (full) {
            stuck = done;
        } else {
            done.succeeded();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitNoTimers() {
        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(timers.pending()).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"delay=1h", "after=1h", "end=stall", "end=half-close", "end=truncate"})
    void aClosedOneLeavesNoTimer(String wish) {
        FaultyOutbox outbox = open(wish);
        outbox.append(bytes("hello"));
        outbox.flush();
        assertThat(timers.pending()).isPositive();

        outbox.close();

        awaitNoTimers();
        assertThat(outbox.pending()).isZero();
    }

    @Test
    void oneThatEndedInGoodOrderBeforeItsCutLeavesNoTimer() {
        FaultyOutbox outbox = open("after=1h", "end=reset");

        outbox.append(bytes("hello"));
        outbox.appendLast(bytes("bye"));
        outbox.flush();

        awaitNoTimers();
        assertThat(outbox.isSpent()).isTrue();
        assertThat(said).containsExactly("hello", "bye");
    }

    @Test
    void theCutWaitsUntilTheSocketHasTakenTheLastMessage() {
        full = true;
        FaultyOutbox outbox = open("after=2", "end=reset");
        outbox.append(bytes("one"));
        outbox.append(bytes("two"));
        outbox.append(bytes("three"));
        outbox.flush();
        assertThat(said).containsExactly("one", "two");

        Callback done = stuck;
        assertThat(done).isNotNull();
        done.succeeded();

        await().untilAsserted(() -> assertThat(said).containsExactly("one", "two", "reset"));
    }

    @Test
    void partsDoNotCountAsMessages() {
        FaultyOutbox outbox = open("after=1", "end=reset");
        outbox.appendPart(bytes("ping"));
        outbox.appendPart(bytes("half a "));
        outbox.append(bytes("message"));
        outbox.append(bytes("another"));
        outbox.flush();

        await().untilAsserted(() -> assertThat(said).containsExactly("ping", "half a ", "message", "reset"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "half-close"})
    void whatIsOwedLeavesBeforeAnOrderlyEnd(String end) {
        FaultyOutbox outbox = open("delay=1h", "after=100ms", "end=" + end);
        outbox.append(bytes("owed"));
        outbox.flush();

        await().untilAsserted(() -> assertThat(said).contains("owed", end));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "stall"})
    void whatIsHeldBackIsLostWithAnAbruptOne(String end) {
        FaultyOutbox outbox = open("delay=1h", "after=100ms", "end=" + end);
        outbox.append(bytes("lost"));
        outbox.flush();

        await().untilAsserted(() -> assertThat(said).containsExactly(end));
        assertThat(outbox.pending()).isZero();
    }

    @Test
    void aGoodbyeThatCanNotBeSaidAnyMoreJustEndsIt() {
        FaultyOutbox outbox = open("end=stall");

        outbox.appendLast(bytes("draining"));

        await().untilAsserted(() -> assertThat(said).containsExactly("stall", "abort"));
    }

    @Test
    void whatIsHeldBackCountsAsWaiting() {
        FaultyOutbox outbox = open("delay=1h");
        outbox.append(bytes("x".repeat(2 << 20)));

        assertThat(outbox.pending()).isEqualTo(2 << 20);
        assertThat(outbox.isFull()).isTrue();
        assertThat(outbox.hasRoom()).isFalse();
        outbox.close();
    }
}
