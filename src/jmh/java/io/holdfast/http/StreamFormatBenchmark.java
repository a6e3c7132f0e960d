// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.channel.Drafts;
import io.holdfast.memory.SharedBytes;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Encodes one server-sent event, as a chunk of the body. */
@State(Scope.Thread)
public class StreamFormatBenchmark {

    private final Instant time = Instant.parse("2026-02-03T04:05:06.789Z");
    private final StreamFraming chunks = StreamFormat.SSE.framing(true);
    private long number;

    /** A message of a channel. */
    @Benchmark
    public SharedBytes message() {
        return Drafts.message(time).shared(ChannelFormat.SSE.chunk());
    }

    /** A tick of a stream. */
    @Benchmark
    public ByteBuffer[] tick() {
        return chunks.frame(chunks.payload(StreamFormat.SSE.tick(number++, time, "tick")));
    }
}
