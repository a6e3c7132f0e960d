// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.channel.Broker;
import io.holdfast.channel.HistoryProperties;
import io.holdfast.time.Timers;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The broker and the access store of one node, wired as in the application, without the rest of it. */
public final class RedisNode implements AutoCloseable {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({SslAutoConfiguration.class, DataRedisAutoConfiguration.class})
    @EnableConfigurationProperties(RedisProperties.class)
    @Import(RedisConfiguration.class)
    static class Wiring {}

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    /** @param settings the way to Redis among them */
    public RedisNode(HistoryProperties limits, String... settings) {
        TestPropertyValues.of(
                        "holdfast.broker=redis", "spring.data.redis.timeout=2s", "spring.data.redis.connect-timeout=2s")
                .and(settings)
                .applyTo(context);
        context.registerBean(HistoryProperties.class, () -> limits);
        context.registerBean(Timers.class, () -> new Timers(System::nanoTime));
        context.register(Wiring.class);
        context.refresh();
    }

    public Broker broker() {
        return context.getBean(Broker.class);
    }

    RedisAccessStore accessStore() {
        return context.getBean(RedisAccessStore.class);
    }

    Health health() {
        return context.getBean(RedisHealthIndicator.class).health();
    }

    @Override
    public void close() {
        context.close();
    }
}
