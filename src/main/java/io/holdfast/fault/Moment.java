package io.holdfast.fault;

import java.time.Duration;

/** When a connection is cut. */
public sealed interface Moment {

    /** As soon as it stands. */
    Moment AT_ONCE = new Time(Duration.ZERO);

    /** That long after it was opened, whether anything flows or not. */
    record Time(Duration sinceOpened) implements Moment {}

    /** When that many messages have left; the last of them is whole. */
    record Messages(long count) implements Moment {}
}
