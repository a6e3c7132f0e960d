// SPDX-License-Identifier: Apache-2.0
/** The rules of the command line. */
@NullMarked
package io.holdfast.probe;

import org.jspecify.annotations.NullMarked;
