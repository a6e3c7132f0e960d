// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.MovedClock;
import io.holdfast.support.NothingLeft;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** The application with room for few channels, which keep little, and a clock that a test moves to empty them. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@HoldfastTest
@ExtendWith(NothingLeft.class)
@Import(MovedClock.class)
@TestPropertySource(properties = {"holdfast.history.messages=8", "holdfast.history.channels=6"})
public @interface FewChannelsTest {

    /** The limits above. */
    int KEPT = 8;

    int CHANNELS = 6;
}
