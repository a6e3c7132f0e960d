// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.channel.Channels;
import io.holdfast.connection.Node;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.stereotype.Component;

/** {@code /actuator/channels}: the channels that this node knows of, as it sees them. */
@Component
@Endpoint(id = "channels", defaultAccess = Access.READ_ONLY)
class ChannelsEndpoint {

    private final Node node;
    private final Channels channels;

    ChannelsEndpoint(Node node, Channels channels) {
        this.node = node;
        this.channels = channels;
    }

    /** One page of the list; {@code total} counts all. */
    record Page(String node, int total, int page, int size, List<ChannelRow> channels) {}

    /**
     * Lists them.
     *
     * @param sort a column's name, with a leading {@code -} for descending; {@code channel} if absent
     * @param page from 0
     * @param size of a page, 1 to 1000; 100 if absent
     */
    @ReadOperation
    Page list(@Nullable String sort, @Nullable String page, @Nullable String size) {
        Parameters.Page part = Parameters.page(page, size);
        Comparator<ChannelRow> order = Parameters.order(sort, ChannelRow.COLUMNS, "-subscribers");
        List<CompletionStage<Optional<ChannelRow>>> asked =
                channels.names().stream().map(this::row).toList();
        List<ChannelRow> all = asked.stream()
                .flatMap(row -> row.toCompletableFuture().join().stream())
                .sorted(order)
                .toList();
        return new Page(node.name(), all.size(), part.number(), part.size(), part.of(all));
    }

    /** One of them; null, which is 404, if there is none of that name. */
    @ReadOperation
    @Nullable
    ChannelRow one(@Selector String name) {
        return row(name).toCompletableFuture().join().orElse(null);
    }

    private CompletionStage<Optional<ChannelRow>> row(String channel) {
        return channels.historyStats(channel)
                .thenCombine(
                        channels.subscribers(channel),
                        (kept, subscribers) ->
                                kept.map(found -> ChannelRow.of(node.name(), channel, found, subscribers)));
    }
}
