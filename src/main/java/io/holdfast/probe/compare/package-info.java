// SPDX-License-Identifier: Apache-2.0
/** Compares transports: time and bytes of the same message on each. */
@NullMarked
package io.holdfast.probe.compare;

import org.jspecify.annotations.NullMarked;
