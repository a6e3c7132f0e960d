// SPDX-License-Identifier: Apache-2.0
/** One open connection, whatever its transport: admission, registry, state, figures, close reasons and drain. */
@NullMarked
@ApplicationModule(allowedDependencies = {"access", "settings", "time"})
package io.holdfast.connection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
