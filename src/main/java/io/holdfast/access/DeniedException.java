// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

/** A request that is not allowed. */
public final class DeniedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Denial denial;

    public DeniedException(Denial denial) {
        super(denial.sentence(), null, false, false);
        this.denial = denial;
    }

    public Denial denial() {
        return denial;
    }
}
