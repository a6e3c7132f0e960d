package io.holdfast.redis;

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
    private static final String CLIENT = ALL + "DataRedisAutoConfiguration";

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
            wanted[i] = name == null || !name.startsWith(ALL) || (kind == Kind.REDIS && name.equals(CLIENT));
        }
        return wanted;
    }
}
