// SPDX-License-Identifier: Apache-2.0
/** The one monotonic clock and the one scheduler of the service. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.holdfast.time;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
