// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.test.context.TestPropertySource;

/** The application with channels whose limits a test can reach. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(
        properties = {
            "holdfast.history.messages=8",
            "holdfast.limits.message-size=2KB",
            "holdfast.limits.subscriptions=4",
            "management.endpoint.connections.access=unrestricted"
        })
public @interface SmallTest {

    /** The limits above. */
    int KEPT = 8;

    int MESSAGE_SIZE = 2 * 1024;

    int SUBSCRIPTIONS = 4;
}
