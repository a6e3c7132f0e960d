// SPDX-License-Identifier: Apache-2.0
/** The page in a real browser, against the whole service. */
@NullMarked
package io.holdfast.page;

import org.jspecify.annotations.NullMarked;
