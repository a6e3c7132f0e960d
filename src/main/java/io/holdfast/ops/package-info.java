// SPDX-License-Identifier: Apache-2.0
/** For operators: meters, health, and the endpoints that list connections and channels. */
@NullMarked
@ApplicationModule(allowedDependencies = {"access", "time", "connection", "channel", "memory"})
package io.holdfast.ops;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
