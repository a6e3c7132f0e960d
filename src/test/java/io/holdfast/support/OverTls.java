// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;

/** All ports of the application have TLS, with {@link TestBundle#SERVER}, and each {@link TestSocket} speaks it to them. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Import(TlsPorts.class)
@ContextConfiguration(initializers = TestBundle.OnAllListeners.class)
@TestPropertySource(properties = "server.ssl.bundle=test")
public @interface OverTls {}
