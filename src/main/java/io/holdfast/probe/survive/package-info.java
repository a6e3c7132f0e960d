// SPDX-License-Identifier: Apache-2.0
/** Measures how long a connection may be silent, who ends it, and which heartbeat prevents it. */
@NullMarked
package io.holdfast.probe.survive;

import org.jspecify.annotations.NullMarked;
