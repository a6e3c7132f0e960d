// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.fault;

import org.jspecify.annotations.NullMarked;
