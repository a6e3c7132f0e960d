// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tls;

/** A bundle that can be read but not used. The message says why, as what follows a colon. */
public final class UnusableBundleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnusableBundleException(String message) {
        super(message);
    }
}
