// SPDX-License-Identifier: Apache-2.0
/** Certificates that the service serves: checked, reloaded while connections stay open, and shown with their end. */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings"})
package io.holdfast.tls;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
