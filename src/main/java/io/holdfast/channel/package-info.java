/** Channels: what was published, in order, who listens, and what one who comes back has missed. Knows no transport. */
@NullMarked
@ApplicationModule(allowedDependencies = {"time"})
package io.holdfast.channel;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
