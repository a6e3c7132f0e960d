// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.tls;

import org.jspecify.annotations.NullMarked;
