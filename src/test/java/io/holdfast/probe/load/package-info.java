// SPDX-License-Identifier: Apache-2.0
/** The rules of making load. */
@NullMarked
package io.holdfast.probe.load;

import org.jspecify.annotations.NullMarked;
