// SPDX-License-Identifier: Apache-2.0
/** The rules of the channel protocol, the same on each transport that speaks it. */
@NullMarked
package io.holdfast.session;

import org.jspecify.annotations.NullMarked;
