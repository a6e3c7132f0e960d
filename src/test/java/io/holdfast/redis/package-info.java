// SPDX-License-Identifier: Apache-2.0
/** Real Redis servers, and nodes on them. */
@NullMarked
package io.holdfast.redis;

import org.jspecify.annotations.NullMarked;
