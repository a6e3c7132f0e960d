// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.ConnectionFigures.Open;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Http2Wire;
import io.holdfast.support.Http2Wire.Frame;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** What clients of HTTP/2 may do wrong, or on purpose. Each attack ends, is counted, and leaves nothing behind. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(
        properties = {
            "server.http2.enabled=true",
            "server.jetty.connection-idle-timeout=1s",
            "holdfast.limits.handshake=400ms",
            "holdfast.limits.streams-per-session=100"
        })
class Http2AttackTest {

    private static final int CALM = 11;
    private static final int REFUSED_STREAM = 7;
    private static final int STREAMS = 100;
    private static final int FLOOD = 2000;

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    @Autowired
    MeterRegistry meters;

    @SuppressWarnings("NullAway.Init")
    private Http2Wire attacker;

    private Http2Wire open(int... settings) throws IOException {
        attacker = Http2Wire.open(TestSocket.connect(ports.http()), settings);
        return attacker;
    }

    @AfterEach
    void othersAreServed() throws IOException {
        attacker.close();
        assertThat(PlainRequest.get(ports.http(), "/inspect").status()).isEqualTo(200);
    }

    enum Attack {
        /** CVE-2023-44487. */
        RAPID_RESET {
            @Override
            void send(Http2Wire attacker, int number) throws IOException {
                attacker.request(2 * number + 1, true, "GET", "/stream").reset(2 * number + 1);
            }
        },
        PING {
            @Override
            void send(Http2Wire attacker, int number) throws IOException {
                attacker.send(Http2Wire.PING, 0, 0, new byte[8]);
            }
        },
        SETTINGS {
            @Override
            void send(Http2Wire attacker, int number) throws IOException {
                attacker.settings(Http2Wire.INITIAL_WINDOW_SIZE, 1000 + number);
            }
        },
        PRIORITY {
            @Override
            void send(Http2Wire attacker, int number) throws IOException {
                attacker.send(Http2Wire.PRIORITY, 0, 1, new byte[5]);
            }
        },
        EMPTY_DATA {
            @Override
            void send(Http2Wire attacker, int number) throws IOException {
                if (number == 0) {
                    attacker.request(1, false, "POST", "/echo");
                }
                attacker.data(1, false);
            }
        },
        /** A head that never ends, in frames that are empty. */
        CONTINUATION {
            @Override
            void send(Http2Wire attacker, int number) throws IOException {
                if (number == 0) {
                    attacker.send(Http2Wire.HEADERS, Http2Wire.END_STREAM, 1);
                }
                attacker.send(Http2Wire.CONTINUATION, 0, 1);
            }
        };

        abstract void send(Http2Wire attacker, int number) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void floodEndsTheSession(Attack attack) throws IOException {
        double before = failed("enhance_your_calm");
        open();

        assertThat(flood(attack)).isEqualTo(CALM);

        await().untilAsserted(() -> assertThat(failed("enhance_your_calm")).isEqualTo(before + 1));
    }

    /** Sends until the service ends the session. Returns the code of its end. */
    private int flood(Attack attack) throws IOException {
        try {
            for (int i = 0; i < FLOOD; i++) {
                attack.send(attacker, i);
            }
        } catch (SocketException e) {
            // It has been ended. What came before can still be read, unless the reset has overtaken it.
        }
        return goAway();
    }

    private int goAway() throws IOException {
        try {
            return attacker.readNext(Http2Wire.GOAWAY).error();
        } catch (EOFException | SocketException e) {
            // The end has overtaken it, as much was still on its way: the counter has the code.
            return CALM;
        }
    }

    private double failed(String error) {
        return Search.in(meters).name("holdfast.http2.sessions.failed").tag("error", error).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** 1 MB of header fields in frames of the largest size. */
    @Test
    void headThatIsTooLargeIsNotKept() throws IOException {
        open();
        byte[] part = new byte[16 * 1024];
        Arrays.fill(part, (byte) 'x');
        try {
            attacker.send(Http2Wire.HEADERS, Http2Wire.END_STREAM, 1, part);
            for (int i = 0; i < 64; i++) {
                attacker.send(Http2Wire.CONTINUATION, i == 63 ? Http2Wire.END_HEADERS : 0, 1, part);
            }
        } catch (SocketException e) {
            // It has been ended.
        }

        assertEnds();
    }

    /** The client was told SETTINGS_MAX_HEADER_LIST_SIZE. What it sends later depends on what could not be decoded. */
    @Test
    void headOverTheLimitEndsTheSession() throws IOException {
        open();

        attacker.request(1, true, "GET", "/inspect", "x-large", "x".repeat(12 * 1024));

        assertEnds();
    }

    private void assertEnds() throws IOException {
        try {
            while (true) {
                attacker.read();
            }
        } catch (EOFException | SocketException e) {
            assertThat(e).isNotNull();
        }
    }

    @Test
    void sessionWithoutARequestEnds() throws IOException {
        open();

        assertEnds();
    }

    /** A byte now and then keeps the socket from being idle. */
    @Test
    void frameThatNeverEndsIsNotWaitedFor() throws IOException {
        open().request(1, true, "GET", "/inspect").readNext(Http2Wire.DATA);
        Thread.ofVirtual().start(() -> {
            byte[] head = Http2Wire.frame(Http2Wire.HEADERS, Http2Wire.END_STREAM, 3, new byte[10_000]);
            try {
                for (byte next : head) {
                    attacker.wire().send(next);
                    await().pollDelay(Duration.ofMillis(20)).until(() -> true);
                }
            } catch (IOException e) {
                // It has been ended.
            }
        });

        assertEnds();
    }

    /** Nothing of a session with a quiet stream is waited for: it may have the same frames again and again. */
    @Test
    void pingsOfAClientDoNotEndItsSession() throws IOException {
        open().request(1, true, "GET", "/stream?interval=1h").readNext(Http2Wire.DATA);

        for (int i = 0; i < 30; i++) {
            attacker.send(Http2Wire.PING, 0, 0, new byte[8]).readNext(Http2Wire.PING);
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
        }

        assertThat(figures.open()).isEqualTo(Open.all(1));
    }

    @Test
    void windowThatStaysZeroEndsTheAnswer() throws IOException {
        open(Http2Wire.INITIAL_WINDOW_SIZE, 0);
        attacker.request(1, false, "POST", "/echo").data(1, true, "hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(attacker.readOf(1).type()).isEqualTo(Http2Wire.HEADERS);

        assertThat(attacker.readOf(1).type()).isEqualTo(Http2Wire.RST_STREAM);
    }

    @Test
    void streamOverTheLimitIsRefusedAndTheOthersGoOn() throws IOException {
        open();
        for (int i = 0; i <= STREAMS; i++) {
            attacker.request(2 * i + 1, true, "GET", "/stream?interval=1h");
        }

        Frame refused = attacker.readNext(Http2Wire.RST_STREAM);

        assertThat(refused.error()).isEqualTo(REFUSED_STREAM);
        await().untilAsserted(() -> assertThat(figures.open()).isEqualTo(Open.all(STREAMS)));
    }

    /** The first one gets no window. The session has one that is large enough. */
    @Test
    void oneOf100StreamsIsNotReadAndTheOthersGoOn() throws IOException {
        open().window(0, 100 * 1024 * 1024);
        attacker.request(1, true, "GET", "/stream?interval=0");
        for (int i = 1; i < STREAMS; i++) {
            attacker.request(2 * i + 1, true, "GET", "/stream?interval=200ms");
        }
        Set<Integer> alive = new HashSet<>();
        long stalled = 0;
        while (alive.size() < STREAMS - 1) {
            Frame frame = attacker.read();
            if (frame.type() == Http2Wire.DATA) {
                if (frame.stream() == 1) {
                    stalled += frame.payload().remaining();
                } else if (stalled >= 65_535) {
                    alive.add(frame.stream());
                }
            }
        }

        assertThat(stalled).isEqualTo(65_535);
        assertThat(figures.open()).isEqualTo(Open.all(STREAMS));
    }
}
