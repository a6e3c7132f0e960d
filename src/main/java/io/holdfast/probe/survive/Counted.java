// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

/** Whose traffic keeps a connection open. */
enum Counted {
    /** What either side sends. */
    EITHER,
    /** Only what the client sends. */
    CLIENT,
    /** Only what the service sends. */
    SERVICE,
    /** Both sides have to send. */
    BOTH
}
