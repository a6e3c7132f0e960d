// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;

/** The whole application on free ports, shared by all tests that ask for no settings of their own. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Import({Ports.class, ConnectionFigures.class})
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "holdfast.node=tested",
            "holdfast.tcp.listeners.echo.port=0",
            "holdfast.tcp.listeners.lines.port=0",
            // Pings come at random moments: where a test is not about them, there are none.
            "holdfast.heartbeat.interval=24h",
            "holdfast.drain.window=100ms"
        })
public @interface HoldfastTest {}
