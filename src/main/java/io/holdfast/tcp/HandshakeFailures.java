package io.holdfast.tcp;

import io.holdfast.connection.Transport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.channel.Channel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Counts connections that did not get to their protocol, by why. Safe from any thread. */
@Component
final class HandshakeFailures implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(HandshakeFailures.class);

    private final Map<HandshakeFailure, LongAdder> counts = new EnumMap<>(HandshakeFailure.class);

    HandshakeFailures() {
        for (HandshakeFailure failure : HandshakeFailure.values()) {
            counts.put(failure, new LongAdder());
        }
    }

    /** @param cause null if there is no more to say */
    void failed(Channel channel, HandshakeFailure failure, @Nullable Throwable cause) {
        Objects.requireNonNull(counts.get(failure)).increment();
        log.debug("{} ended, {}{}", channel, failure.tag(), cause == null ? "" : ": " + cause);
    }

    long count(HandshakeFailure failure) {
        return Objects.requireNonNull(counts.get(failure)).sum();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (HandshakeFailure failure : HandshakeFailure.values()) {
            FunctionCounter.builder("holdfast.handshakes.failed", this, failures -> failures.count(failure))
                    .description("Connections that ended by TLS or by the PROXY protocol")
                    .tags(Tags.of("transport", Transport.TCP.tag(), "reason", failure.tag()))
                    .register(registry);
        }
    }
}
