// SPDX-License-Identifier: Apache-2.0
package io.holdfast.time;

/** Something that was started and runs until it ends or is cancelled. */
@FunctionalInterface
public interface Cancellable {

    /** Stops it. Safe from any thread, more than once, and after it has ended. */
    void cancel();
}
