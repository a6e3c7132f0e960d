// SPDX-License-Identifier: Apache-2.0
/** Clients of other projects, as programs of their own. */
@NullMarked
package io.holdfast.clients;

import org.jspecify.annotations.NullMarked;
