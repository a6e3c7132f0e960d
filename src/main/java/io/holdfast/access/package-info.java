// SPDX-License-Identifier: Apache-2.0
/** Who a peer is, and what it may do: tokens, permissions and roles. */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings", "time"})
package io.holdfast.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
