// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** The application with low limits, kicking enabled, and handlers that misbehave. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@HoldfastTest
@ExtendWith(NothingLeft.class)
@Import(BadHandlers.class)
@TestPropertySource(
        properties = {
            "holdfast.limits.connections=8",
            "holdfast.limits.http=3",
            "holdfast.limits.websocket=3",
            "holdfast.limits.tcp=3",
            "holdfast.limits.per-address=5",
            "holdfast.limits.echo-size=64KB",
            "holdfast.outbox.bytes=256KB",
            "management.endpoint.connections.access=unrestricted"
        })
@interface TightTest {

    /** The limits above. */
    int CONNECTIONS = 8;

    int OF_TRANSPORT = 3;

    int PER_ADDRESS = 5;

    int ECHO_SIZE = 64 * 1024;

    int OUTBOX = 256 * 1024;
}
