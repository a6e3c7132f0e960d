// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import io.holdfast.support.Relay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A relay between a browser and the service that causes the trouble of proxies, from the next request on. */
final class Middlebox implements AutoCloseable {

    enum Trouble {
        /** Answers 403 to a WebSocket handshake. */
        REFUSES_WEBSOCKETS,
        /** Ends a WebSocket as soon as it is open. */
        ENDS_WEBSOCKETS,
        /** Answers 401 to whoever wants a stream or a WebSocket. */
        ASKS_FOR_SIGN_IN,
        /** Passes nothing of a stream on. */
        HOLDS_STREAMS,
        /** Answers 502 instead of the service's answer to a POST, once. */
        LOSES_AN_ANSWER
    }

    private static final byte[] BAD_GATEWAY = answer("502 Bad Gateway");
    private static final byte[] FORBIDDEN = answer("403 Forbidden");

    private static final String SIGN_IN = "{\"title\":\"Unauthorized\",\"detail\":\"Sign in at the gateway\"}";

    private static final byte[] UNAUTHORIZED =
            ("HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\nContent-Length: "
                            + SIGN_IN.length() + "\r\nConnection: close\r\n\r\n" + SIGN_IN)
                    .getBytes(StandardCharsets.US_ASCII);

    private static final Pattern LONG_CONNECTION = Pattern.compile("^GET /(stream|echo|tcp)\\b");
    private static final Pattern WEBSOCKET =
            Pattern.compile("^GET /channels\\b.*\\nUpgrade: websocket", Pattern.DOTALL);
    private static final Pattern STREAM =
            Pattern.compile("^GET .*\\nAccept: (text/event-stream|application/x-ndjson)", Pattern.DOTALL);

    private final Relay relay;
    private volatile Set<Trouble> troubles = Set.of();

    Middlebox(int service) throws IOException {
        relay = new Relay(service, TroubleFilter::new);
    }

    /** For its address, and for trouble on the TCP level. */
    Relay relay() {
        return relay;
    }

    void makes(Trouble... trouble) {
        troubles = trouble.length == 0 ? Set.of() : Set.copyOf(EnumSet.copyOf(List.of(trouble)));
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }

    private static byte[] answer(String status) {
        return ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private final class TroubleFilter implements Relay.Filter {

        private final Relay.Passage passage;
        private volatile boolean held;
        private volatile boolean endsWhenOpen;
        private volatile boolean losesAnswer;

        TroubleFilter(Relay.Passage passage) {
            this.passage = passage;
        }

        /** Chromium sends a request's head at once. */
        @Override
        public boolean request(String head) throws IOException {
            if (WEBSOCKET.matcher(head).find()) {
                endsWhenOpen = troubles.contains(Trouble.ENDS_WEBSOCKETS);
                if (troubles.contains(Trouble.REFUSES_WEBSOCKETS)) {
                    passage.answer(FORBIDDEN, FORBIDDEN.length);
                    throw new IOException("refused");
                }
            }
            if (troubles.contains(Trouble.ASKS_FOR_SIGN_IN)
                    && LONG_CONNECTION.matcher(head).find()) {
                passage.answer(UNAUTHORIZED, UNAUTHORIZED.length);
                throw new IOException("refused");
            }
            if (STREAM.matcher(head).find()) {
                held = troubles.contains(Trouble.HOLDS_STREAMS);
            }
            if (head.startsWith("POST /channels/") && troubles.contains(Trouble.LOSES_AN_ANSWER)) {
                troubles = Set.of();
                losesAnswer = true;
            }
            return true;
        }

        @Override
        public boolean answer(byte[] bytes, int length) throws IOException {
            if (losesAnswer) {
                passage.answer(BAD_GATEWAY, BAD_GATEWAY.length);
                throw new IOException("lost");
            }
            if (endsWhenOpen) {
                passage.answer(bytes, length);
                throw new IOException("ended");
            }
            return !held;
        }
    }
}
