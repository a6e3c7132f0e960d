// SPDX-License-Identifier: Apache-2.0
/** A long run under mixed load; only with the Maven profile {@code soak}. */
@NullMarked
package io.holdfast.soak;

import org.jspecify.annotations.NullMarked;
