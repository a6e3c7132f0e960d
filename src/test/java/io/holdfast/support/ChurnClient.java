// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import io.holdfast.connection.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A client that opens a connection up to some moment, and then ends it in some way. Confined to one thread. */
public final class ChurnClient implements Closeable {

    /** The channel that messages are published to, and another one without messages. */
    private static final String BUSY = "churn";

    private static final String QUIET = "churn-quiet";

    /** How long an answer, or the service's end of an orderly ending, may take. */
    private static final int PATIENCE_MILLIS = 10_000;

    /** What is opened. Nobody changes its bytes. */
    @SuppressWarnings("ImmutableEnumChecker")
    public enum Opening {
        STREAM(Transport.HTTP, get("/stream?interval=1h")),
        TICKS(Transport.HTTP, get("/stream?interval=1ms", "Accept: text/event-stream")),
        EVENTS(Transport.HTTP, get("/channels/" + BUSY, "Accept: text/event-stream")),
        JSON_LINES(Transport.HTTP, get("/channels/" + BUSY, "Accept: application/x-ndjson")),
        POLL(Transport.HTTP, get("/channels/" + QUIET + "/messages?wait=60s")),
        SHORT_POLL(Transport.HTTP, get("/channels/" + QUIET + "/messages?wait=10ms")),
        PUBLISH(Transport.HTTP, post("/channels/" + BUSY, "Content-Length: 5", "hello")),
        UPLOAD(
                Transport.HTTP,
                post("/echo", "Content-Length: 100", "x".repeat(10)),
                new byte[0],
                bytes("x".repeat(90))),
        CHUNKED_UPLOAD(
                Transport.HTTP,
                post("/channels/" + BUSY, "Transfer-Encoding: chunked", "5\r\nhello\r\n6\r\n wo"),
                new byte[0],
                bytes("rld\r\n0\r\n\r\n")),
        WEBSOCKET_ECHO(
                Transport.WEBSOCKET,
                bytes(WebSocketClient.handshake("/echo")),
                WebSocketClient.text("hello"),
                WebSocketClient.close(1000)),
        /** A message that begins and does not end. */
        WEBSOCKET_HALF_MESSAGE(
                Transport.WEBSOCKET,
                bytes(WebSocketClient.handshake("/echo")),
                WebSocketClient.join(
                        WebSocketClient.header(WebSocketClient.FIN | WebSocketClient.TEXT, 100), bytes("x")),
                new byte[0]),
        WEBSOCKET_CHANNELS(
                Transport.WEBSOCKET,
                bytes(WebSocketClient.handshake("/channels")),
                WebSocketClient.text(command("subscribe")),
                WebSocketClient.close(1000)),
        TCP_ECHO(Transport.TCP, bytes("hello"), bytes("world"), new byte[0]),
        /** A subscriber that ends its side may go on reading, so it unsubscribes first. */
        TCP_LINES(
                Transport.TCP,
                bytes(command("subscribe") + "\n"),
                bytes("{\"type\":\"ping\"}\n"),
                bytes(command("unsubscribe") + "\n"));

        private final Transport transport;
        private final byte[] request;
        private final byte[] next;
        private final byte[] farewell;

        Opening(Transport transport, byte[] request) {
            this(transport, request, new byte[0], new byte[0]);
        }

        /**
         * @param request sent first
         * @param next sent when the first byte of an answer came
         * @param farewell sent before the FIN of an orderly ending
         */
        Opening(Transport transport, byte[] request, byte[] next, byte[] farewell) {
            this.transport = transport;
            this.request = request;
            this.next = next;
            this.farewell = farewell;
        }

        static List<Opening> of(Transport transport) {
            return Stream.of(values())
                    .filter(opening -> opening.transport == transport)
                    .toList();
        }

        /** Until which moments it can be played. */
        public List<Moment> moments() {
            if (this == UPLOAD || this == CHUNKED_UPLOAD || this == POLL) {
                // The answer comes after the whole body, or too late.
                return List.of(Moment.CONNECTED, Moment.PART_SENT, Moment.SENT);
            }
            return List.of(Moment.values());
        }

        /** A client of a stream that ends its side may go on reading. */
        private boolean outlastsFin() {
            return switch (this) {
                case STREAM, TICKS, EVENTS, JSON_LINES, POLL -> true;
                case SHORT_POLL,
                        PUBLISH,
                        UPLOAD,
                        CHUNKED_UPLOAD,
                        WEBSOCKET_ECHO,
                        WEBSOCKET_HALF_MESSAGE,
                        WEBSOCKET_CHANNELS,
                        TCP_ECHO,
                        TCP_LINES -> false;
            };
        }

        private int port(Ports ports) {
            return this == TCP_ECHO ? ports.tcpEcho() : this == TCP_LINES ? ports.tcpLines() : ports.http();
        }

        private static byte[] get(String path, String... headers) {
            return head("GET " + path, headers);
        }

        private static byte[] post(String path, String header, String body) {
            return WebSocketClient.join(head("POST " + path, header), bytes(body));
        }

        private static byte[] head(String request, String... headers) {
            return bytes(Stream.of(headers)
                            .reduce(
                                    request + " HTTP/1.1\r\nHost: 127.0.0.1\r\n",
                                    (head, header) -> head + header + "\r\n")
                    + "\r\n");
        }

        private static String command(String type) {
            return "{\"type\":\"" + type + "\",\"channel\":\"" + BUSY + "\"}";
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Until when it is played. */
    public enum Moment {
        CONNECTED,
        PART_SENT,
        SENT,
        ANSWERED,
        NEXT_SENT
    }

    /** How the client ends it. */
    public enum Ending {
        RESET,
        FIN,
        /** What the protocol has for it, then FIN. If the service ends its side then, what it sends is read to the end. */
        ORDERLY
    }

    /**
     * What one client does.
     *
     * @param part how many bytes of the request are sent by {@link Moment#PART_SENT}, modulo its length
     */
    public record Round(Opening opening, Moment moment, Ending ending, int part) {

        /**
         * Any. Three of five end by a reset: a client that sends the first FIN keeps its port for a minute, of which there are
         * 28,000 by default, and a reset frees it at once.
         */
        public static Round random(Transport transport, Random random) {
            Opening opening = anyOf(Opening.of(transport), random);
            Moment moment = anyOf(opening.moments(), random);
            int ending = random.nextInt(5);
            return new Round(
                    opening,
                    moment,
                    ending < 3 ? Ending.RESET : ending == 3 ? Ending.FIN : Ending.ORDERLY,
                    random.nextInt(1000));
        }

        private static <T> T anyOf(List<T> values, Random random) {
            return values.get(random.nextInt(values.size()));
        }

        /** Opens and ends it. What the service answers is not checked; it may also end it first. */
        public void play(Ports ports) throws IOException {
            try (ChurnClient client = ChurnClient.open(this, ports)) {
                client.end();
            } catch (SocketException e) {
                // Reset by the service.
            }
        }
    }

    private final Round round;
    private final TestSocket wire;

    private ChurnClient(Round round, TestSocket wire) {
        this.round = round;
        this.wire = wire;
    }

    /** Opens a connection up to the round's moment. */
    public static ChurnClient open(Round round, Ports ports) throws IOException {
        TestSocket wire = TestSocket.connect(round.opening().port(ports));
        try {
            wire.timeout(PATIENCE_MILLIS);
            ChurnClient client = new ChurnClient(round, wire);
            client.play();
            return client;
        } catch (IOException e) {
            wire.resetOnClose().close();
            throw e;
        }
    }

    private void play() throws IOException {
        byte[] request = round.opening().request;
        if (reaches(Moment.PART_SENT)) {
            wire.send(reaches(Moment.SENT) ? request : firstPart());
        }
        if (reaches(Moment.ANSWERED)) {
            wire.read();
        }
        if (reaches(Moment.NEXT_SENT)) {
            wire.send(round.opening().next);
        }
    }

    /** Without its last two bytes at least: the last line over TCP needs no line feed. */
    private byte[] firstPart() {
        byte[] request = round.opening().request;
        return Arrays.copyOf(request, 1 + round.part() % (request.length - 2));
    }

    private boolean reaches(Moment moment) {
        return round.moment().compareTo(moment) >= 0;
    }

    /**
     * Ends it.
     *
     * @throws SocketTimeoutException if it is orderly, and the service does not end its side
     */
    public void end() throws IOException {
        switch (round.ending()) {
            case RESET -> wire.resetOnClose();
            case FIN -> {
                // It is what closing does.
            }
            case ORDERLY -> {
                if (reaches(Moment.SENT)) {
                    wire.send(round.opening().farewell);
                }
                wire.sendFin();
                if (!reaches(Moment.SENT) || !round.opening().outlastsFin()) {
                    wire.readToEnd();
                }
            }
        }
        wire.close();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
