// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

/** What came of a peer's attempt to show who it is. */
public sealed interface Authentication {

    record Authenticated(Principal principal) implements Authentication {}

    record Failed(Denial denial) implements Authentication {}
}
