package io.holdfast.connection;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.test.context.TestPropertySource;

/** The application with deadlines that a test can wait for. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(
        properties = {
            "holdfast.heartbeat.interval=400ms",
            "holdfast.heartbeat.pong-timeout=300ms",
            "holdfast.idle.tcp=600ms",
            "holdfast.limits.handshake=600ms",
            "holdfast.limits.echo-size=64KB"
        })
@interface QuickTest {

    /** The settings above. */
    final class Settings {

        static final Duration HEARTBEAT = Duration.ofMillis(400);
        static final Duration PONG = Duration.ofMillis(300);
        static final Duration IDLE = Duration.ofMillis(600);
        static final Duration HANDSHAKE = Duration.ofMillis(600);
        static final int ECHO_SIZE = 64 * 1024;

        /** What a busy machine may add to a deadline. */
        static final Duration SLACK = Duration.ofSeconds(2);

        private Settings() {}
    }
}
