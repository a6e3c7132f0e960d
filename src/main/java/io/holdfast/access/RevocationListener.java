// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import java.util.function.Predicate;

/** Ends what principals do who may not go on. */
public interface RevocationListener {

    /**
     * Called by any thread; must not block.
     *
     * @param affected tells which principals
     */
    void revoked(Predicate<Principal> affected);
}
