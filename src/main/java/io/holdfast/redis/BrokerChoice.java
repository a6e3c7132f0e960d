package io.holdfast.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Leaves out what Boot sets up for Redis unless channels are there: neither a client nor its threads nor a health
 * component that looks for a server nobody has. What is left out in any case, nobody here uses.
 */
class BrokerChoice implements AutoConfigurationImportFilter, EnvironmentAware {

    private static final String ALL = "org.springframework.boot.data.redis.autoconfigure.";

    /** Besides the client itself, whose parts are asked about, too. */
    private static final List<String> UNUSED = List.of(
            ALL + "DataRedisReactiveAutoConfiguration",
            ALL + "DataRedisRepositoriesAutoConfiguration",
            ALL + "health.");

    /** The values of {@code holdfast.broker}. */
    private enum Kind {
        LOCAL,
        REDIS
    }

    private Environment environment = new StandardEnvironment();

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
        // Of another value it says which property has it, and which ones are valid.
        Kind kind = Binder.get(environment).bind("holdfast.broker", Kind.class).orElse(Kind.LOCAL);
        boolean[] wanted = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            wanted[i] = name == null || !name.startsWith(ALL) || (kind == Kind.REDIS && isUsed(name));
        }
        return wanted;
    }

    private static boolean isUsed(String name) {
        return UNUSED.stream().noneMatch(name::startsWith);
    }
}
