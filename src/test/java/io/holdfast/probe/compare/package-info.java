// SPDX-License-Identifier: Apache-2.0
/** The rules of comparing transports. */
@NullMarked
package io.holdfast.probe.compare;

import org.jspecify.annotations.NullMarked;
