// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Switches off Boot's auto-configuration of Redis if channels are local: then there is no client, no thread, and no
 * health component for a server that does not exist. Some parts are always off, as nothing here uses them.
 */
class RedisAutoConfigurationFilter implements AutoConfigurationImportFilter, EnvironmentAware {

    private static final String ALL = "org.springframework.boot.data.redis.autoconfigure.";

    /** Always off. The filter is asked about these parts, too. */
    private static final List<String> UNUSED = List.of(
            ALL + "DataRedisReactiveAutoConfiguration",
            ALL + "DataRedisRepositoriesAutoConfiguration",
            ALL + "health.");

    private Environment environment = new StandardEnvironment();

    /** It is asked about each class of a configuration. */
    private final SingletonSupplier<Boolean> redis =
            SingletonSupplier.of(() -> RedisSettings.isRedis(Binder.get(environment)));

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
        boolean isRedis = redis.obtain();
        boolean[] wanted = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            wanted[i] = name == null || !name.startsWith(ALL) || (isRedis && isUsed(name));
        }
        return wanted;
    }

    private static boolean isUsed(String name) {
        return UNUSED.stream().noneMatch(name::startsWith);
    }
}
