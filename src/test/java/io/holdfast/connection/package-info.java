// SPDX-License-Identifier: Apache-2.0
/** The rules of the connection model, on all transports. */
@NullMarked
package io.holdfast.connection;

import org.jspecify.annotations.NullMarked;
