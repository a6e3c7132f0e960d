// SPDX-License-Identifier: Apache-2.0
/** Load with thousands of connections from one process: how many open, and how long messages take at a given rate. */
@NullMarked
package io.holdfast.probe.load;

import org.jspecify.annotations.NullMarked;
