// SPDX-License-Identifier: Apache-2.0
/** The rules of what an operator sees. */
@NullMarked
package io.holdfast.ops;

import org.jspecify.annotations.NullMarked;
