// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import org.jspecify.annotations.Nullable;

/** The result of one load on one target. */
public interface LoadResult {

    /** The target, as the user gave it. */
    String target();

    /** Whether every connection stayed open, and every message came exactly once. */
    boolean isWell();

    /** Whether no connection did what it was asked for: the server is not there, answers otherwise, or refuses access. */
    boolean isRefused();

    /** False if the user ended the load, so that this is what was measured until then. */
    boolean complete();

    /** Why the server refused access; null if it did not. */
    @Nullable
    String denied();
}
