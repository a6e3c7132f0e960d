// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A cluster of three servers. */
public final class RedisCluster implements AutoCloseable {

    private static final int MASTERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<RedisServer> servers;

    private RedisCluster(List<RedisServer> servers) {
        this.servers = servers;
    }

    public static RedisCluster start() {
        RedisCluster cluster = new RedisCluster(
                Stream.generate(() -> RedisServer.start("--cluster-enabled", "yes", "--cluster-node-timeout", "2000"))
                        .limit(MASTERS)
                        .toList());
        List<String> create = new ArrayList<>(List.of(RedisServer.program("redis-cli"), "--cluster", "create"));
        cluster.servers.forEach(server -> create.add("127.0.0.1:" + server.port()));
        create.add("--cluster-yes");
        RedisServer.run(create);
        await().atMost(PATIENCE)
                .until(() -> cluster.servers.stream()
                        .allMatch(server -> server.cli("cluster", "info").contains("cluster_state:ok")));
        return cluster;
    }

    public List<RedisServer> servers() {
        return servers;
    }

    /** Where Spring finds it. */
    public String setting() {
        return "spring.data.redis.cluster.nodes="
                + servers.stream().map(server -> "127.0.0.1:" + server.port()).collect(Collectors.joining(","));
    }

    public void flush() {
        servers.forEach(server -> server.cli("flushall"));
    }

    /** Moves one slot, as an operator would, with these keys. */
    public void move(String slot, RedisServer from, RedisServer to, String... keys) {
        String target = to.cli("cluster", "myid");
        to.cli("cluster", "setslot", slot, "importing", from.cli("cluster", "myid"));
        from.cli("cluster", "setslot", slot, "migrating", target);
        List<String> migrate =
                new ArrayList<>(List.of("migrate", "127.0.0.1", String.valueOf(to.port()), "", "0", "5000", "keys"));
        migrate.addAll(List.of(keys));
        from.cli(migrate.toArray(String[]::new));
        to.cli("cluster", "setslot", slot, "node", target);
        servers.forEach(server -> server.cli("cluster", "setslot", slot, "node", target));
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }
}
