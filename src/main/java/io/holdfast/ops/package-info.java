/** What an operator sees: meters. */
@NullMarked
@ApplicationModule(allowedDependencies = "connection")
package io.holdfast.ops;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
