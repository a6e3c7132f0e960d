// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.channel.Draft;
import io.holdfast.channel.HistoryProperties;
import io.holdfast.channel.Position;
import io.holdfast.channel.Published;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Appends messages to the logs of channels. A channel has one call in progress at a time: what is published meanwhile
 * waits, and is appended by the next call together. So a call's cost is shared when there is much to publish, and nothing
 * waits when there is little. Safe from any thread.
 */
final class Appends {

    /** Messages of one call at most. Redis serves nobody else while it appends them. */
    private static final int MOST = 100;

    /** Bytes of the data of one call; its last message may exceed them. */
    private static final int MOST_BYTES = 256 * 1024;

    private final RedisConnector redis;
    private final String prefix;
    private final HistoryProperties limits;
    private final byte[] channelAge;

    /** By channel with a call in progress: what waits for its end. A queue is only used within {@code compute}. */
    private final Map<String, Queue<Append>> waiting = new ConcurrentHashMap<>();

    /** @param channelAge how long the head of an unused channel is kept, in milliseconds */
    Appends(RedisConnector redis, String prefix, HistoryProperties limits, byte[] channelAge) {
        this.redis = redis;
        this.prefix = prefix;
        this.limits = limits;
        this.channelAge = channelAge;
    }

    private record Append(Draft draft, CompletableFuture<Published> result) {}

    /**
     * Appends one message. Messages of one channel keep their order.
     *
     * @return fails with {@link io.holdfast.channel.UnavailableException}: then it was not appended, or that is unknown
     */
    CompletionStage<Published> append(String channel, Draft draft) {
        Append append = new Append(draft, new CompletableFuture<>());
        List<Append> now = new ArrayList<>(1);
        waiting.compute(channel, (name, queue) -> {
            if (queue == null) {
                now.add(append);
                return new ArrayDeque<>(0);
            }
            queue.add(append);
            return queue;
        });
        if (!now.isEmpty()) {
            run(channel, now);
        }
        return append.result();
    }

    private void run(String channel, List<Append> batch) {
        redis.run(LuaScript.APPEND, ChannelKeys.of(prefix, channel), arguments(channel, batch))
                .whenComplete((answer, failure) -> {
                    if (answer == null) {
                        fail(channel, batch, failure);
                    } else {
                        runNext(channel);
                        complete(batch, answer);
                    }
                });
    }

    private byte[][] arguments(String channel, List<Append> batch) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(RedisBroker.newEpoch());
        arguments.add(channelAge);
        arguments.add(RedisBroker.number(limits.messages()));
        arguments.add(RedisBroker.number(limits.age().toMillis()));
        arguments.add(RedisBroker.number(limits.bytes().toBytes()));
        arguments.add(RedisBroker.text(redis.isSharded() ? "SPUBLISH" : "PUBLISH"));
        arguments.add(RedisBroker.text(ChannelKeys.of(prefix, channel).live()));
        for (Append append : batch) {
            Draft draft = append.draft();
            arguments.add(MessageCodec.encode(draft));
            arguments.add(RedisBroker.number(draft.data().length()));
            arguments.add(RedisBroker.text(draft.key() == null ? "" : draft.key()));
        }
        return arguments.toArray(byte[][]::new);
    }

    private void runNext(String channel) {
        List<Append> batch = new ArrayList<>();
        waiting.computeIfPresent(channel, (name, queue) -> {
            long bytes = 0;
            while (!queue.isEmpty() && batch.size() < MOST && bytes < MOST_BYTES) {
                Append next = queue.remove();
                bytes += next.draft().data().length();
                batch.add(next);
            }
            return batch.isEmpty() ? null : queue;
        });
        if (!batch.isEmpty()) {
            run(channel, batch);
        }
    }

    private static void complete(List<Append> batch, List<Object> answer) {
        String epoch = new String((byte[]) answer.getFirst(), StandardCharsets.US_ASCII);
        for (int i = 0; i < batch.size(); i++) {
            Position position = new Position(epoch, (long) answer.get(1 + 2 * i));
            batch.get(i).result().complete(new Published(position, (long) answer.get(2 + 2 * i) == 1));
        }
    }

    /** What waits fails, too: it would wait as long again. */
    private void fail(String channel, List<Append> batch, Throwable cause) {
        Queue<Append> waited = waiting.remove(channel);
        batch.forEach(append -> append.result().completeExceptionally(cause));
        if (waited != null) {
            waited.forEach(append -> append.result().completeExceptionally(cause));
        }
    }
}
