// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.channel.Drafts;
import io.holdfast.memory.SharedBytes;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Encodes one channel message as a WebSocket frame, with the envelope in it. */
@State(Scope.Thread)
public class MessageFramesBenchmark {

    private final Instant time = Instant.parse("2026-02-03T04:05:06.789Z");

    @Benchmark
    public SharedBytes plain() {
        return Drafts.message(time).shared(MessageFrames.PLAIN);
    }

    @Benchmark
    public SharedBytes compressed() {
        return Drafts.message(time).shared(MessageFrames.COMPRESSED);
    }
}
