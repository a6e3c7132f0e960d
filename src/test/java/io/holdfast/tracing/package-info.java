// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.tracing;

import org.jspecify.annotations.NullMarked;
