// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

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
public @interface QuickTest {

    /** The settings above. */
    public final class Settings {

        public static final Duration HEARTBEAT = Duration.ofMillis(400);
        public static final Duration PONG = Duration.ofMillis(300);
        public static final Duration IDLE = Duration.ofMillis(600);
        public static final Duration HANDSHAKE = Duration.ofMillis(600);
        public static final int ECHO_SIZE = 64 * 1024;

        /** What a busy machine may add to a deadline. */
        public static final Duration SLACK = Duration.ofSeconds(2);

        private Settings() {}
    }
}
