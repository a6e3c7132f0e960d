// SPDX-License-Identifier: Apache-2.0
/** The rules of settings. */
@NullMarked
package io.holdfast.settings;

import org.jspecify.annotations.NullMarked;
