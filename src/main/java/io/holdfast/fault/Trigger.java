// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import java.time.Duration;

/** When a connection is ended. */
public sealed interface Trigger {

    /** As soon as it is open. */
    Trigger AT_ONCE = new Time(Duration.ZERO);

    /** That long after it was opened, whether anything is sent or not. */
    record Time(Duration sinceOpened) implements Trigger {}

    /** When that many messages have been sent, the last one completely. */
    record Messages(long count) implements Trigger {}
}
