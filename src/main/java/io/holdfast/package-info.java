// SPDX-License-Identifier: Apache-2.0
/** The application: everything else lives in the rooms below. */
@NullMarked
package io.holdfast;

import org.jspecify.annotations.NullMarked;
