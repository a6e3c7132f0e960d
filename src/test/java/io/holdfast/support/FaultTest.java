// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.test.context.TestPropertySource;

/** The application with a short idle time. After each test nothing may be left. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(
        properties = {
            "holdfast.idle.tcp=1s",
            "holdfast.tcp.listeners.echo-1-close.port=0",
            "holdfast.tcp.listeners.echo-1-close.fault.after=1",
            "holdfast.tcp.listeners.echo-1-close.fault.end=close",
            "holdfast.tcp.listeners.lines-2-close.port=0",
            "holdfast.tcp.listeners.lines-2-close.protocol=lines",
            "holdfast.tcp.listeners.lines-2-close.fault.after=2",
            "holdfast.tcp.listeners.lines-2-close.fault.end=close",
            "holdfast.tcp.listeners.echo-1-reset.port=0",
            "holdfast.tcp.listeners.echo-1-reset.fault.after=1",
            "holdfast.tcp.listeners.echo-1-reset.fault.end=reset",
            "holdfast.tcp.listeners.lines-2-reset.port=0",
            "holdfast.tcp.listeners.lines-2-reset.protocol=lines",
            "holdfast.tcp.listeners.lines-2-reset.fault.after=2",
            "holdfast.tcp.listeners.lines-2-reset.fault.end=reset",
            "holdfast.tcp.listeners.echo-1-stall.port=0",
            "holdfast.tcp.listeners.echo-1-stall.fault.after=1",
            "holdfast.tcp.listeners.echo-1-stall.fault.end=stall",
            "holdfast.tcp.listeners.lines-2-stall.port=0",
            "holdfast.tcp.listeners.lines-2-stall.protocol=lines",
            "holdfast.tcp.listeners.lines-2-stall.fault.after=2",
            "holdfast.tcp.listeners.lines-2-stall.fault.end=stall",
            "holdfast.tcp.listeners.echo-1-half-close.port=0",
            "holdfast.tcp.listeners.echo-1-half-close.fault.after=1",
            "holdfast.tcp.listeners.echo-1-half-close.fault.end=half-close",
            "holdfast.tcp.listeners.lines-2-half-close.port=0",
            "holdfast.tcp.listeners.lines-2-half-close.protocol=lines",
            "holdfast.tcp.listeners.lines-2-half-close.fault.after=2",
            "holdfast.tcp.listeners.lines-2-half-close.fault.end=half-close",
            "holdfast.tcp.listeners.echo-1-truncate.port=0",
            "holdfast.tcp.listeners.echo-1-truncate.fault.after=1",
            "holdfast.tcp.listeners.echo-1-truncate.fault.end=truncate",
            "holdfast.tcp.listeners.lines-2-truncate.port=0",
            "holdfast.tcp.listeners.lines-2-truncate.protocol=lines",
            "holdfast.tcp.listeners.lines-2-truncate.fault.after=2",
            "holdfast.tcp.listeners.lines-2-truncate.fault.end=truncate",
            "holdfast.tcp.listeners.echo-time-reset.port=0",
            "holdfast.tcp.listeners.echo-time-reset.fault.after=300ms",
            "holdfast.tcp.listeners.echo-time-reset.fault.end=reset",
            "holdfast.tcp.listeners.echo-delay.port=0",
            "holdfast.tcp.listeners.echo-delay.fault.delay=500ms",
            "holdfast.tcp.listeners.lines-delay.port=0",
            "holdfast.tcp.listeners.lines-delay.protocol=lines",
            "holdfast.tcp.listeners.lines-delay.fault.delay=500ms",
            "holdfast.tcp.listeners.echo-late.port=0",
            "holdfast.tcp.listeners.echo-late.fault.delay=30s",
            "holdfast.tcp.listeners.lines-mute.port=0",
            "holdfast.tcp.listeners.lines-mute.protocol=lines",
            "holdfast.tcp.listeners.lines-mute.fault.heartbeat=data",
            "holdfast.tcp.listeners.lines-mute.fault.heartbeat-interval=100ms",
            "holdfast.tcp.listeners.lines-mute.fault.pong=none"
        })
public @interface FaultTest {}
