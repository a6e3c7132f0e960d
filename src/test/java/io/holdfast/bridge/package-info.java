// SPDX-License-Identifier: Apache-2.0
/** The rules of the bridges from a browser to TCP. */
@NullMarked
package io.holdfast.bridge;

import org.jspecify.annotations.NullMarked;
