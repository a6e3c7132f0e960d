// SPDX-License-Identifier: Apache-2.0
/** The memory budget: how many bytes of peers the service holds, by what they are held for. */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings"})
package io.holdfast.memory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
