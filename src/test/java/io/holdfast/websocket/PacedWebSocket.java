// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.Principal;
import io.holdfast.connection.Admission;
import io.holdfast.connection.Connection;
import io.holdfast.connection.ConnectionRequest;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.BackPressure;
import io.holdfast.delivery.Deliveries;
import io.holdfast.delivery.KeepAlives;
import io.holdfast.fault.Fault;
import io.holdfast.fault.Faults;
import io.holdfast.fault.HeartbeatFormats;
import io.holdfast.support.ConnectionRoom;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/** An open WebSocket whose peer is controlled by the test, and whose handler records its calls. */
final class PacedWebSocket {

    static final int KILOBYTE = 1024;

    /** What the peer's side holds until it is taken. */
    private static final int CAPACITY = 30 * KILOBYTE;

    private final Server server = new Server();
    private final ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Opened opened = new Opened();
    private final AnnotationConfigApplicationContext room;
    private final ByteArrayEndPoint endPoint;
    private final Connection connection;
    private final WebSocketConnection webSocket;

    PacedWebSocket(String... settings) throws Exception {
        room = ConnectionRoom.open(settings);
        LocalConnector connector = new LocalConnector(server);
        server.addConnector(connector);
        server.start();
        scheduler.start();
        endPoint = new ByteArrayEndPoint(scheduler, 0, new byte[0], CAPACITY);
        connection = admit();
        webSocket = new WebSocketConnection(
                endPoint,
                connector,
                connection,
                opened,
                room.getBean(Deliveries.class),
                room.getBean(Faults.class),
                1 << 20,
                null,
                null,
                new WebSocketOptions(
                        Fault.NONE,
                        HeartbeatFormats.withPings(
                                        room.getBean(KeepAlives.class).interval())
                                .usual(),
                        true,
                        null,
                        false));
        endPoint.setConnection(webSocket);
        endPoint.onOpen();
        webSocket.onOpen();
    }

    private Connection admit() {
        return switch (room.getBean(Connections.class)
                .admit(new ConnectionRequest(Transport.WEBSOCKET, "test", null, null, Principal.NOBODY))) {
            case Admission.Admitted admitted -> admitted.connection();
            case Admission.Refused refused -> throw new AssertionError(refused);
        };
    }

    Connection connection() {
        return connection;
    }

    BackPressure backPressure() {
        return (BackPressure) session();
    }

    private WebSocketSession session() {
        return Objects.requireNonNull(opened.session);
    }

    /** The text messages, and "caught up" each time the peer has. */
    List<String> told() {
        return told;
    }

    void send(int kilobytes) throws Exception {
        session().sendMessage(new BinaryMessage(new byte[kilobytes * KILOBYTE]));
    }

    /** Begins to close, with a close frame. */
    void sendClose() throws Exception {
        session().close();
    }

    /** Has the peer send. */
    void receive(byte[] frame) {
        endPoint.addInput(ByteBuffer.wrap(frame));
    }

    /** Has the peer end its side. */
    void receiveEnd() {
        endPoint.addInputEOF();
    }

    boolean isSocketOpen() {
        return endPoint.isOpen();
    }

    /** Has the peer take what was sent to it so far, and says how much that was. */
    int take() {
        return endPoint.takeOutput().remaining();
    }

    void close() throws Exception {
        endPoint.close();
        webSocket.onClose(null);
        Connections connections = room.getBean(Connections.class);
        assertThat(connections.open()).isEmpty();
        assertThat(connections.permits()).isZero();
        room.close();
        scheduler.stop();
        server.stop();
    }

    private final class Opened extends AbstractWebSocketHandler {

        private @Nullable WebSocketSession session;

        @Override
        public void afterConnectionEstablished(WebSocketSession opened) {
            session = opened;
            ((BackPressure) opened).onWritable(() -> told.add("caught up"));
        }

        @Override
        protected void handleTextMessage(WebSocketSession session, TextMessage message) {
            told.add(message.getPayload());
        }
    }
}
