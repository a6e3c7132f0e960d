// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.channel.Broker;
import io.holdfast.channel.BrokerContract;
import io.holdfast.channel.HistoryProperties;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A broker whose channels are on a server that outlives it. */
abstract class RedisBrokerContract extends BrokerContract {

    private final List<RedisNode> nodes = new ArrayList<>();

    /** Where Spring finds the servers. */
    abstract String setting();

    abstract void flush();

    @Override
    public Broker open(HistoryProperties limits) {
        flush();
        RedisNode node = new RedisNode(limits, setting());
        nodes.add(node);
        return node.broker();
    }

    @Override
    public Broker afterLoss(Broker before, HistoryProperties limits) {
        flush();
        return before;
    }

    @AfterEach
    void end() {
        nodes.forEach(RedisNode::close);
        nodes.clear();
    }
}
