// SPDX-License-Identifier: Apache-2.0
/** The rules of what HTTP streams and WebSockets share of Jetty. */
@NullMarked
package io.holdfast.jetty;

import org.jspecify.annotations.NullMarked;
