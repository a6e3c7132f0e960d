/** The other end of a connection: what survives between here and a server, what it costs, and how much of it fits. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.holdfast.probe;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
