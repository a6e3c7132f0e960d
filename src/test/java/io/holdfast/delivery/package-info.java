// SPDX-License-Identifier: Apache-2.0
/** The rules of sending on one connection, whatever its transport. */
@NullMarked
package io.holdfast.delivery;

import org.jspecify.annotations.NullMarked;
