// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.access;

import org.jspecify.annotations.NullMarked;
