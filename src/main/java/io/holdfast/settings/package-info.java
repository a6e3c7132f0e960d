// SPDX-License-Identifier: Apache-2.0
/** How settings are checked and explained: one way for all rooms. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.holdfast.settings;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
