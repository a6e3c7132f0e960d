/** The commands: clients that measure which connections survive, what messages cost, and how much load a server takes. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.holdfast.probe;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
