// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.BINARY;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.frame;

import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Parses and unmasks one whole frame of a client. */
@State(Scope.Thread)
public class FrameParserBenchmark {

    private static final int MAX_MESSAGE = 1 << 20;

    /** Bytes of the payload. */
    @Param({"32", "1000", "15000"})
    private int payload;

    private final FrameParser parser = new FrameParser(MAX_MESSAGE, false);
    private ByteBuffer input = ByteBuffer.allocate(0);

    /** The buffer is direct, as those that sockets are read into. */
    @Setup
    public void receive() {
        byte[] frame = frame(FIN | BINARY, new byte[payload]);
        input = ByteBuffer.allocateDirect(frame.length).put(frame);
    }

    @Benchmark
    public void parse(Blackhole blackhole) throws ProtocolViolation {
        parser.parse(input.flip(), new FrameParser.Sink() {
            @Override
            public void data(int opcode, boolean compressed, ByteBuffer piece, boolean last) {
                blackhole.consume(piece);
            }

            @Override
            public void control(int opcode, ByteBuffer piece) {
                throw new IllegalStateException();
            }
        });
    }
}
