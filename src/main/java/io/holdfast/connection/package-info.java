/** What the three transports have in common: which they are, what they carried, and how one feeds another. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.holdfast.connection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
