// SPDX-License-Identifier: Apache-2.0
/** What all transports do alike with one connection: queue, batch, overflow, back pressure, keep-alive and closing. */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings", "time", "connection", "memory"})
package io.holdfast.delivery;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
