// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Transport;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.ConnectionFigures.Open;
import io.holdfast.support.FaultTest;
import io.holdfast.support.Http2Wire;
import io.holdfast.support.Http2Wire.Frame;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** The faults of streams over HTTP/2: what the client is told, and that the session's other streams go on. */
@FaultTest
@TestPropertySource(properties = "server.http2.enabled=true")
class Http2FaultTest {

    /** Of a stream, unless a client says otherwise. */
    private static final int WINDOW = 65_535;

    private static final int CANCEL = 8;

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    @Autowired
    Connections connections;

    @SuppressWarnings("NullAway.Init")
    private Http2Wire session;

    @BeforeEach
    void open() throws IOException {
        session = Http2Wire.open(TestSocket.connect(ports.http()));
    }

    @AfterEach
    void close() throws IOException {
        session.close();
    }

    private Http2Wire get(int stream, String target) throws IOException {
        return session.request(stream, true, "GET", target);
    }

    /** The frame that ends a stream. Its data is asked for anew, frame by frame. */
    private Frame awaitEnd(int stream) throws IOException {
        while (true) {
            Frame frame = session.read();
            if (frame.type() == Http2Wire.DATA && frame.payload().hasRemaining()) {
                session.window(0, frame.payload().remaining());
                session.window(frame.stream(), frame.payload().remaining());
            }
            if (frame.stream() == stream
                    && (frame.type() == Http2Wire.RST_STREAM
                            || (frame.type() <= Http2Wire.HEADERS && frame.is(Http2Wire.END_STREAM)))) {
                return frame;
            }
        }
    }

    private void assertGoesOn(int stream) throws IOException {
        Frame next = session.readOf(stream);
        if (next.type() == Http2Wire.HEADERS) {
            // The other one was over before this one had begun.
            next = session.readOf(stream);
        }
        assertThat(next.type()).isEqualTo(Http2Wire.DATA);
        assertThat(session.readOf(stream).text()).isEqualTo("hello world\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "interval=10ms&after=2&end=reset",
                "interval=10ms&after=2&end=truncate",
                "interval=0&after=300ms&end=reset",
                "end=reset"
            })
    void aResetEndsOneStreamAndNoOther(String fault) throws IOException {
        long before = figures.closed(Transport.HTTP, CloseReason.FAULT);
        get(5, "/stream?interval=20ms");
        get(7, "/stream?" + fault);

        Frame end = awaitEnd(7);

        assertThat(end.type()).isEqualTo(Http2Wire.RST_STREAM);
        assertThat(end.error()).isEqualTo(CANCEL);
        await().untilAsserted(() ->
                assertThat(figures.closed(Transport.HTTP, CloseReason.FAULT)).isEqualTo(before + 1));
        assertGoesOn(5);
        assertThat(figures.open()).isEqualTo(Open.all(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "interval=10ms&after=2&end=half-close",
                "interval=10ms&after=2&end=close",
                "count=3&interval=10ms"
            })
    void anOrderlyEndIsEndStream(String query) throws IOException {
        get(5, "/stream?interval=20ms");
        get(7, "/stream?" + query);

        assertThat(awaitEnd(7).type()).isEqualTo(Http2Wire.DATA);

        await().untilAsserted(() -> assertThat(figures.open()).isEqualTo(Open.all(1)));
        assertGoesOn(5);
    }

    @Test
    void aStalledStreamIsSilentUntilTheIdleTimeAndTheOtherGoesOn() throws IOException {
        get(5, "/stream?interval=20ms");
        get(7, "/stream?interval=10ms&after=2&end=stall");

        assertThat(awaitEnd(7).type()).isEqualTo(Http2Wire.RST_STREAM);

        assertGoesOn(5);
    }

    /** END_STREAM would wait for a window that never comes, behind what was not read. */
    @Test
    void aWebSocketWhoseClientDoesNotReadIsEndedByAReset() throws IOException {
        session.window(0, 1 << 24).connect(7, "/echo", "sec-websocket-version", "13");
        assertThat(session.readOf(7).type()).isEqualTo(Http2Wire.HEADERS);
        byte[] message = new byte[4 + 10_000];
        message[0] = (byte) 0x82;
        message[1] = (byte) (0x80 | 126);
        message[2] = (byte) (10_000 >> 8);
        message[3] = (byte) 10_000;
        for (int i = 0; i < 12; i++) {
            // Each is an answer of its own, so that writes follow one another. The mask is zero, as is the payload.
            session.data(7, false, message).data(7, false, new byte[4]);
        }
        // The window is full then, and the rest of the answers waits.
        for (int window = WINDOW; window > 0; ) {
            Frame answer = session.readOf(7);
            assertThat(answer.type()).isEqualTo(Http2Wire.DATA);
            window -= answer.payload().remaining();
        }
        assertThat(connections.open())
                .singleElement()
                .satisfies(open -> assertThat(open.queuedBytes()).isPositive());

        connections.open().forEach(open -> open.close(CloseReason.KICKED));

        Frame end = awaitResetWithoutReading();
        assertThat(end.error()).isEqualTo(CANCEL);
    }

    private Frame awaitResetWithoutReading() throws IOException {
        Frame frame = session.readOf(7);
        while (frame.type() == Http2Wire.DATA) {
            assertThat(frame.is(Http2Wire.END_STREAM)).isFalse();
            frame = session.readOf(7);
        }
        return frame;
    }
}
