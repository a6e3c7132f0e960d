// SPDX-License-Identifier: Apache-2.0
/** The rules of channels, their brokers, and their subscribers. */
@NullMarked
package io.holdfast.channel;

import org.jspecify.annotations.NullMarked;
