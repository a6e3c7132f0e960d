// SPDX-License-Identifier: Apache-2.0
/** The rules of the clock and of the scheduler. */
@NullMarked
package io.holdfast.time;

import org.jspecify.annotations.NullMarked;
