package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.PING;
import static io.holdfast.support.WebSocketClient.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.connection.Admission;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Flow;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.OutboxProperties;
import io.holdfast.connection.Transport;
import io.holdfast.support.ConnectionRoom;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/** What a session tells who feeds it, on an end point whose peer reads just as much as the test says. */
class FlowTest {

    private static final int KILOBYTE = 1024;

    private final Server server = new Server();
    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler();
    private final List<String> caughtUp = new ArrayList<>();
    private final Opened opened = new Opened();
    private final AnnotationConfigApplicationContext room = ConnectionRoom.open();
    private final Connections connections = room.getBean(Connections.class);

    private ByteArrayEndPoint endPoint;
    private WebSocketConnection connection;

    @BeforeEach
    void open() throws Exception {
        LocalConnector connector = new LocalConnector(server);
        server.addConnector(connector);
        server.start();
        scheduler.start();
        endPoint = new ByteArrayEndPoint(scheduler, 0, new byte[0], 30 * KILOBYTE);
        connection = new WebSocketConnection(
                endPoint,
                connector,
                admit(),
                opened,
                room.getBean(LifeSigns.class),
                room.getBean(OutboxProperties.class),
                1 << 20,
                null,
                null);
        endPoint.setConnection(connection);
        endPoint.onOpen();
        connection.onOpen();
    }

    @AfterEach
    void close() throws Exception {
        endPoint.close();
        connection.onClose(null);
        assertThat(connections.open()).isEmpty();
        assertThat(connections.permits()).isZero();
        room.close();
        scheduler.stop();
        server.stop();
    }

    @Test
    void sessionIsWritableUntilItsPeerFallsBehind() throws Exception {
        assertThat(flow().isWritable()).isTrue();
        send(60);
        assertThat(flow().isWritable()).isTrue();

        send(60);

        assertThat(flow().isWritable()).isFalse();
        assertThat(caughtUp).isEmpty();
    }

    @Test
    void feederIsToldOnceWhenThePeerCaughtUp() throws Exception {
        send(100);

        while (connection.queuedBytes() > 0) {
            assertThat(caughtUp).isEmpty();
            endPoint.takeOutput();
        }

        assertThat(flow().isWritable()).isTrue();
        assertThat(caughtUp).hasSize(1);
    }

    @Test
    void feederIsToldEvenIfThePeerSentSomethingBeforeItHadCaughtUp() throws Exception {
        send(100);
        assertThat(flow().isWritable()).isFalse();
        send(40);
        while (connection.queuedBytes() > 64 * KILOBYTE) {
            endPoint.takeOutput();
        }
        long pending = connection.queuedBytes();
        assertThat(pending).isPositive();

        endPoint.addInput(ByteBuffer.wrap(frame(FIN | PING)));
        await().until(() -> connection.queuedBytes() > pending);
        while (connection.queuedBytes() > 0) {
            endPoint.takeOutput();
        }

        assertThat(flow().isWritable()).isTrue();
        assertThat(caughtUp).hasSize(1);
    }

    private Connection admit() {
        return switch (connections.admit(Transport.WEBSOCKET, "test", null, null)) {
            case Admission.Admitted admitted -> admitted.connection();
            case Admission.Refused refused -> throw new AssertionError(refused);
        };
    }

    private void send(int kilobytes) throws Exception {
        session().sendMessage(new BinaryMessage(new byte[kilobytes * KILOBYTE]));
    }

    private WebSocketSession session() {
        return Objects.requireNonNull(opened.session);
    }

    private Flow flow() {
        return (Flow) session();
    }

    private final class Opened extends AbstractWebSocketHandler {

        private @Nullable WebSocketSession session;

        @Override
        public void afterConnectionEstablished(WebSocketSession opened) {
            session = opened;
            ((Flow) opened).onWritable(() -> caughtUp.add("caught up"));
        }
    }
}
