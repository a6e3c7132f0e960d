// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.channel.BrokerProperties;
import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import io.holdfast.settings.Setting;
import io.holdfast.settings.SettingRule;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/** The rules for the connection to Redis, which {@code spring.data.redis} configures. */
class RedisSettings implements SettingRule {

    private static final String PREFIX = "spring.data.redis.";
    private static final int HIGHEST_PORT = 65_535;

    // The user and the password may have any character.
    private static final Pattern URL = Pattern.compile("rediss?://(.*@)?[^\\s/@:]+(:\\d{1,5})?(/\\d*)?(\\?.*)?"
            + "|rediss?://(.*@)?\\[[0-9a-fA-F:.]+](:\\d{1,5})?(/\\d*)?(\\?.*)?");
    private static final Pattern NODE = Pattern.compile("\\S+:\\d{1,5}");

    @Override
    public void check(Binder settings) {
        if (isRedis(settings)) {
            checkMasterReplica(settings);
            settings.bind(PREFIX + "url", String.class)
                    .ifBound(url -> new Setting(PREFIX + "url", "redis://localhost:6379")
                            .text(url, URL, "a URL of Redis: redis or rediss, a host, a port"));
            settings.bind(PREFIX + "port", Integer.class)
                    .ifBound(port -> new Setting(PREFIX + "port", "6379").number(port, 1, HIGHEST_PORT));
            settings.bind(PREFIX + "database", Integer.class)
                    .ifBound(database -> new Setting(PREFIX + "database", "0").number(database, 0, Integer.MAX_VALUE));
            checkNodes(settings, "cluster.nodes");
            checkNodes(settings, "sentinel.nodes");
            checkSentinel(settings);
        }
    }

    static boolean isRedis(Binder settings) {
        // This property alone, as others of its prefix do not decide which beans there are.
        return settings.bind("holdfast.broker", BrokerProperties.Kind.class).orElse(BrokerProperties.Kind.LOCAL)
                == BrokerProperties.Kind.REDIS;
    }

    private static void checkMasterReplica(Binder settings) {
        if (settings.bind(PREFIX + "masterreplica", Bindable.mapOf(String.class, Object.class))
                .isBound()) {
            throw new InvalidSettingException(
                    PREFIX + "masterreplica.nodes",
                    null,
                    "not supported: channels need to know which server takes writes. Use"
                            + " spring.data.redis.url, .sentinel or .cluster instead",
                    List.of());
        }
    }

    private static void checkNodes(Binder settings, String name) {
        Setting setting = new Setting(PREFIX + name, "localhost:6379");
        settings.bind(PREFIX + name, Bindable.listOf(String.class))
                .ifBound(nodes -> nodes.forEach(node -> setting.text(node, NODE, "a host and a port")));
    }

    private static void checkSentinel(Binder settings) {
        Map<String, Object> sentinel = settings.bind(PREFIX + "sentinel", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of());
        if (!sentinel.isEmpty() && !sentinel.containsKey("master")) {
            String property = PREFIX + "sentinel.master";
            throw new InvalidSettingException(
                    property,
                    null,
                    "not set; it has to be the name that the sentinels have for the server",
                    List.of(new Example(property, "mymaster")));
        }
    }
}
