// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** Whoever connects to the port for HTTP is served over HTTP/2, by an {@link Http2Relay}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Import(Http2Ports.class)
@TestPropertySource(properties = "server.http2.enabled=true")
public @interface OverHttp2 {}
